package io.github.shortlived.testing.internal.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RsaKeyFactoryTest {
  private static final byte[] CONTENT = "content".getBytes(UTF_8);

  private final AtomicInteger generated = new AtomicInteger();
  private final RsaKeyFactory factory = new RsaKeyFactory(this::generate);

  @Test
  void next_repeatedly_returnsDistinctKeysOfFewPrimes() {
    Set<Object> moduli = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 45; i++) {
      SigningKey key = factory.next();
      assertThat(key.publicKey().getModulus().bitLength()).isEqualTo(2048);
      assertThat(key.publicKey().getPublicExponent()).isEqualTo(65537);
      moduli.add(key.publicKey().getModulus());
      ids.add(key.id());
    }
    assertThat(moduli).hasSize(45);
    assertThat(ids).hasSize(45).allMatch(id -> id.matches("[0-9a-f]{40}"));
    assertThat(generated).hasValue(5); // ten primes
  }

  @Test
  void signature_ofAnyKey_isValidForThatKeyOnly() throws GeneralSecurityException {
    List<SigningKey> keys = Stream.generate(factory::next).limit(6).toList();
    for (SigningKey signer : keys) {
      byte[] signature = signer.sign(CONTENT);
      for (SigningKey verifier : keys) {
        assertThat(verifies(verifier, signature)).isEqualTo(verifier.equals(signer));
      }
    }
  }

  private static boolean verifies(SigningKey key, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("SHA256withRSA");
    verifier.initVerify(key.publicKey());
    verifier.update(CONTENT);
    return verifier.verify(signature);
  }

  private RSAPrivateCrtKey generate() {
    generated.incrementAndGet();
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
