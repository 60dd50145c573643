package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpErrorBodyTest {
  @Test
  void parse_googleEnvelope_readsItsFields() {
    String body =
        """
        {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "No.", "details": [
          {"@type": "type.googleapis.com/google.rpc.Help"},
          {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "WHY",
           "metadata": {"permission": "p", "nested": {"a": 1}}}]}}\
        """;

    assertThat(HttpErrorBody.parse(body))
        .isEqualTo(body("PERMISSION_DENIED", "No.", "WHY", Map.of("permission", "p")));
  }

  @Test
  void parse_requestAndRetryInfo_areRead() {
    String body =
        """
        {"error": {"details": [
          {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s"},
          {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "r-1"}]}}\
        """;

    assertThat(HttpErrorBody.parse(body).requestId()).isEqualTo("r-1");
    assertThat(HttpErrorBody.parse(body).retryDelay()).isEqualTo(Duration.ofMillis(3500));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1s", "1e9s", "99999999999999999999s", "5", ".5s", "PT5S"})
  void parse_otherRetryDelay_isIgnored(String delay) {
    String body = "{\"error\": {\"details\": [{\"retryDelay\": \"%s\"}]}}".formatted(delay);

    assertThat(HttpErrorBody.parse(body).retryDelay()).isNull();
  }

  @Test
  void parse_envelopeWithoutDetails_hasNoReason() {
    assertThat(
            HttpErrorBody.parse("{\"error\": {\"status\": \"NOT_FOUND\", \"message\": \"No.\"}}"))
        .isEqualTo(body("NOT_FOUND", "No.", null, Map.of()));
  }

  @Test
  void parse_oauthError_isReasonAndMessage() {
    assertThat(
            HttpErrorBody.parse(
                "{\"error\": \"invalid_grant\", \"error_description\": \"Invalid JWT.\"}"))
        .isEqualTo(body(null, "invalid_grant: Invalid JWT.", "invalid_grant", Map.of()));
  }

  @Test
  void parse_oauthErrorWithoutDescription_isTheCode() {
    assertThat(HttpErrorBody.parse("{\"error\": \"invalid_scope\"}"))
        .isEqualTo(body(null, "invalid_scope", "invalid_scope", Map.of()));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "<html><body>502 Bad Gateway</body></html>",
        "[]",
        "{\"error\": ",
        "null",
        "{}",
        "{\"error\": null}",
        "{\"error\": {\"message\": {}, \"details\": {}}}",
        "{\"error\": {\"details\": [null, 1, {\"reason\": []}]}}",
      })
  void parse_anythingElse_isEmpty(@Nullable String body) {
    assertThat(HttpErrorBody.parse(body)).isEqualTo(body(null, null, null, Map.of()));
  }

  @Test
  void parse_deepNesting_isEmptyWithoutOverflow() {
    assertThat(HttpErrorBody.parse("{\"error\":".repeat(100_000)))
        .isEqualTo(body(null, null, null, Map.of()));
  }

  @Test
  void toString_body_showsTheStatusAlone() {
    assertThat(body("ABORTED", "ya29.message", "ya29.reason", Map.of("k", "ya29.v")))
        .hasToString("HttpErrorBody[status=ABORTED]");
  }

  private static HttpErrorBody body(
      @Nullable String status,
      @Nullable String message,
      @Nullable String reason,
      Map<String, String> metadata) {
    return new HttpErrorBody(status, message, reason, metadata, null, null);
  }
}
