package io.github.shortlived.testing.internal.key;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Creates RSA keys, and never the same key twice. Finding primes takes longer than most tests, so a
 * key is the product of any two of the primes found so far: 40 primes are enough for 780 keys. Safe
 * for concurrent use.
 */
final class RsaKeyFactory {
  /** The factory of all emulators of this JVM, so that none has a key of another. */
  static final RsaKeyFactory SHARED = new RsaKeyFactory(RsaKeyFactory::generate);

  private static final BigInteger EXPONENT = RSAKeyGenParameterSpec.F4;

  private final Supplier<RSAPrivateCrtKey> generator;
  private final List<BigInteger> primes = new ArrayList<>();

  /** The indexes of the primes of the next key; the first is less than the second. */
  private int first;

  private int second = 1;

  /** {@code generator} creates keys of 2048 bits with the usual exponent, for their primes. */
  RsaKeyFactory(Supplier<RSAPrivateCrtKey> generator) {
    this.generator = generator;
  }

  /** Returns a key that this factory has not returned before. */
  synchronized SigningKey next() {
    if (second >= primes.size()) {
      RSAPrivateCrtKey generated = generator.get();
      primes.add(generated.getPrimeP());
      primes.add(generated.getPrimeQ());
    }
    SigningKey key = key(primes.get(first), primes.get(second));
    first++;
    if (first == second) {
      first = 0;
      second++;
    }
    return key;
  }

  private static RSAPrivateCrtKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(new RSAKeyGenParameterSpec(2048, EXPONENT));
      return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no RSA", e);
    }
  }

  private static SigningKey key(BigInteger p, BigInteger q) {
    BigInteger modulus = p.multiply(q);
    BigInteger orderP = p.subtract(BigInteger.ONE);
    BigInteger orderQ = q.subtract(BigInteger.ONE);
    BigInteger d = EXPONENT.modInverse(orderP.multiply(orderQ));
    try {
      KeyFactory rsa = KeyFactory.getInstance("RSA");
      return SigningKey.of(
          (RSAPublicKey) rsa.generatePublic(new RSAPublicKeySpec(modulus, EXPONENT)),
          rsa.generatePrivate(
              new RSAPrivateCrtKeySpec(
                  modulus, EXPONENT, d, p, q, d.mod(orderP), d.mod(orderQ), q.modInverse(p))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no RSA", e);
    }
  }
}
