package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintTest {
  // The digest of "abc" is FIPS 180-4's own example.
  @Test
  void of_text_isTheStartOfItsSha256() {
    assertThat(Fingerprint.of("abc")).isEqualTo("sha256:ba7816bf8f01");
  }

  @Test
  void of_bytes_sameAsTheirText() {
    assertThat(Fingerprint.of(new byte[] {'a', 'b', 'c'})).isEqualTo(Fingerprint.of("abc"));
  }

  @Test
  void of_anotherText_differs() {
    assertThat(Fingerprint.of("abd")).isNotEqualTo(Fingerprint.of("abc"));
  }
}
