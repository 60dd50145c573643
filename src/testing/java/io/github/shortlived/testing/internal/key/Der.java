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
 * As much of ASN.1's distinguished encoding rules as a certificate needs: every value is a tag, a
 * length and its content.
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

  /** RFC 5280: two digits for the year up to 2049, four from then on. */
  static byte[] time(Instant instant) {
    OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
    return utc.getYear() < 2050
        ? tagged(0x17, UTC_TIME.format(utc).getBytes(US_ASCII))
        : tagged(0x18, GENERALIZED_TIME.format(utc).getBytes(US_ASCII));
  }

  private static byte[] tagged(int tag, byte[] content) {
    return Bytes.concat(new byte[] {(byte) tag}, length(content.length), content);
  }

  /** Up to 127 in one byte; beyond, the number of bytes comes first. */
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
