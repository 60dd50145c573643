package io.github.shortlived.testing.internal.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Bytes;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Encodes the values of a certificate in ASN.1's distinguished encoding rules: each value is a tag,
 * a length and the content.
 */
final class Der {
  private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, Bytes.concat(parts));
  }

  static byte[] set(byte[] element) {
    return tagged(0x31, element);
  }

  static byte[] explicit(int number, byte[] value) {
    return tagged(0xA0 | number, value);
  }

  static byte[] integer(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  static byte[] nothing() {
    return tagged(0x05, new byte[0]);
  }

  static byte[] utf8(String text) {
    return tagged(0x0C, text.getBytes(UTF_8));
  }

  static byte[] objectId(int... encoded) {
    byte[] content = new byte[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      content[i] = (byte) encoded[i];
    }
    return tagged(0x06, content);
  }

  static byte[] bits(byte[] wholeBytes) {
    return tagged(0x03, Bytes.concat(new byte[] {0}, wholeBytes));
  }

  /** RFC 5280 requires two digits for years up to 2049, and four after that. */
  static byte[] time(Instant instant) {
    OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
    return utc.getYear() < 2050
        ? tagged(0x17, UTC_TIME.format(utc).getBytes(US_ASCII))
        : tagged(0x18, GENERALIZED_TIME.format(utc).getBytes(US_ASCII));
  }

  private static byte[] tagged(int tag, byte[] content) {
    return Bytes.concat(new byte[] {(byte) tag}, length(content.length), content);
  }

  /** A length above 127 starts with the number of its bytes. */
  private static byte[] length(int length) {
    if (length < 0x80) {
      return new byte[] {(byte) length};
    }
    if (length < 0x100) {
      return new byte[] {(byte) 0x81, (byte) length};
    }
    return new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
  }
}
