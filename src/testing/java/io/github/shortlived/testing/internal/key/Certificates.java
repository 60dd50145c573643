package io.github.shortlived.testing.internal.key;

import java.math.BigInteger;
import java.time.Duration;

/** Creates self-signed X.509 certificates, for which the JDK has no public API. */
public final class Certificates {
  public static final Duration VALIDITY = Duration.ofDays(730);
  private static final byte[] COMMON_NAME = Der.objectId(0x55, 0x04, 0x03); // 2.5.4.3
  private static final byte[] SHA256_WITH_RSA = // 1.2.840.113549.1.1.11
      Der.sequence(
          Der.objectId(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B), Der.nothing());

  private Certificates() {}

  public static String pem(PublishedKey key) {
    return Pem.of("CERTIFICATE", encoded(key));
  }

  private static byte[] encoded(PublishedKey key) {
    byte[] toBeSigned = toBeSigned(key);
    return Der.sequence(toBeSigned, SHA256_WITH_RSA, Der.bits(key.key().sign(toBeSigned)));
  }

  private static byte[] toBeSigned(PublishedKey key) {
    byte[] name = name(key.owner());
    return Der.sequence(
        Der.explicit(0, Der.integer(BigInteger.TWO)), // version 3
        Der.integer(new BigInteger(key.id().substring(0, 16), 16)), // serial number
        SHA256_WITH_RSA,
        name, // issuer
        Der.sequence(Der.time(key.createdAt()), Der.time(key.createdAt().plus(VALIDITY))),
        name, // subject
        key.key().publicKey().getEncoded());
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8(commonName))));
  }
}
