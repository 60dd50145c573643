package io.github.shortlived.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Throwables;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl-_x",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9",
        "eyJhbGciOiJSUzI1NiJ9",
        "ya29.c.b0AXv0zTO-xyz_1",
        "ya29.a0AfH6SMB",
        "1//0gabcdefghij-_",
        "GOCSPX-abc_DEF-123",
        "-----BEGIN PRIVATE KEY-----\nMIIE\nabc=\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\nabc=\\n-----END RSA PRIVATE KEY-----"
      })
  void redact_secretInAText_isTakenOut(String secret) {
    assertThat(Redaction.redact("before '" + secret + "' after"))
        .isEqualTo("before '[redacted]' after");
  }

  @Test
  void redact_severalSecrets_allAreTakenOut() {
    assertThat(Redaction.redact("ya29.one, ya29.two and eyJhbGciOiJSUzI1NiJ9.e30.x"))
        .isEqualTo("[redacted], [redacted] and [redacted]");
  }

  @Test
  void redact_keyWithoutEnd_takesOutTheRest() {
    assertThat(Redaction.redact("key -----BEGIN PRIVATE KEY-----\nMIIE\nabc"))
        .isEqualTo("key [redacted]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@p:signJwt",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
        "eyJ is how a JWT begins",
        "HTTP 502 Bad Gateway $1 \\"
      })
  void redact_noSecret_staysAsItWas(String text) {
    assertThat(Redaction.redact(text)).isEqualTo(text);
  }

  @Test
  void redact_causeWithoutSecret_isTheSame() {
    Exception cause = new IllegalStateException("no token", new IOException("HTTP 502"));
    assertThat(Redaction.redact(cause)).isSameAs(cause);
  }

  @Test
  void redact_causeWithSecretDeepInside_keepsOnlyStackTracesAndRedactedWords() {
    Exception inner = new IOException("unexpected: ya29.secret");
    Exception cause = new IllegalStateException("no token", inner);
    Throwable redacted = Redaction.redact(cause);
    assertThat(redacted)
        .hasMessage("java.lang.IllegalStateException: no token")
        .hasStackTraceContaining("java.io.IOException: unexpected: [redacted]");
    assertThat(redacted.getStackTrace()).isEqualTo(cause.getStackTrace());
    assertThat(Throwables.getStackTraceAsString(redacted)).doesNotContain("ya29.");
  }
}
