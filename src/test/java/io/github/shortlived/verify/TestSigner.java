package io.github.shortlived.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * A key that signs tokens of any header and payload, as a text that nothing checks.
 *
 * @param id the ID under which it is published
 */
record TestSigner(String id, KeyPair pair) {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  static TestSigner rsa(String id) {
    return rsa(id, 2048);
  }

  static TestSigner rsa(String id, int bits) {
    return generated(id, "RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  static TestSigner ec(String id, String curve) {
    return generated(id, "EC", new ECGenParameterSpec(curve));
  }

  private static TestSigner generated(String id, String type, AlgorithmParameterSpec size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      generator.initialize(size);
      return new TestSigner(id, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the same key with another ID. */
  TestSigner named(String other) {
    return new TestSigner(other, pair);
  }

  /** Signs with the algorithm of RS256 or ES256, whatever the header says. */
  String sign(String header, String payload) {
    boolean isRsa = pair.getPublic() instanceof RSAPublicKey;
    return sign(isRsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format", header, payload);
  }

  String sign(String algorithm, String header, String payload) {
    String signed = encode(header) + "." + encode(payload);
    return signed + "." + BASE64.encodeToString(signature(algorithm, signed.getBytes(UTF_8)));
  }

  byte[] signature(String algorithm, byte[] content) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(pair.getPrivate());
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String encode(String json) {
    return BASE64.encodeToString(json.getBytes(UTF_8));
  }

  JWK jwk() {
    return pair.getPublic() instanceof RSAPublicKey rsa
        ? new RSAKey.Builder(rsa).keyID(id).algorithm(JWSAlgorithm.RS256).build()
        : new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
            .keyID(id)
            .algorithm(JWSAlgorithm.ES256)
            .build();
  }

  /** Returns the JWK set with the public keys of these signers. */
  static String jwks(TestSigner... signers) {
    return Arrays.stream(signers)
        .map(signer -> signer.jwk().toJSONString())
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }
}
