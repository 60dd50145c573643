package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretsFingerprintTest {
  // The digest of "abc" is FIPS 180-4's own example.
  @Test
  void fingerprint_text_isTheStartOfItsSha256() {
    assertThat(Secrets.fingerprint("abc")).isEqualTo("sha256:ba7816bf8f01");
  }

  @Test
  void fingerprint_bytes_sameAsTheirText() {
    assertThat(Secrets.fingerprint(new byte[] {'a', 'b', 'c'}))
        .isEqualTo(Secrets.fingerprint("abc"));
  }

  @Test
  void fingerprint_anotherText_differs() {
    assertThat(Secrets.fingerprint("abd")).isNotEqualTo(Secrets.fingerprint("abc"));
  }
}
