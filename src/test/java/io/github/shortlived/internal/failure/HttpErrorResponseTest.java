package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.StatusCode.Code;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpErrorResponseTest {
  @Test
  void response_googleEnvelope_readsItsFields() {
    String body =
        """
        {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "No.", "details": [
          {"@type": "type.googleapis.com/google.rpc.Help"},
          {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "WHY",
           "metadata": {"permission": "p", "nested": {"a": 1}}}]}}\
        """;

    HttpErrorResponse response = response(body);

    assertThat(response.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(response.message()).isEqualTo("No.");
    assertThat(response.reason()).isEqualTo("WHY");
    assertThat(response.metadata()).isEqualTo(Map.of("permission", "p"));
  }

  @Test
  void response_requestAndRetryInfo_areRead() {
    String body =
        """
        {"error": {"details": [
          {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s"},
          {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "r-1"}]}}\
        """;

    assertThat(response(body).requestId()).hasValue("r-1");
    assertThat(response(body).retryDelay()).isEqualTo(Duration.ofMillis(3500));
  }

  @ParameterizedTest
  @CsvSource({
    "0000000000s, PT0S",
    "0000000001s, PT1S",
    "0000000000000000003.5s, PT3.5S",
    "0.000000001s, PT0.000000001S",
    "9999999999999999999s, PT277777H46M40S"
  })
  void response_retryDelay_isThatNumber(String delay, Duration expected) {
    String body = "{\"error\": {\"details\": [{\"retryDelay\": \"%s\"}]}}".formatted(delay);

    assertThat(response(body).retryDelay()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1s", "1e9s", "99999999999999999999s", "5", ".5s", "PT5S"})
  void response_otherRetryDelay_isIgnored(String delay) {
    String body = "{\"error\": {\"details\": [{\"retryDelay\": \"%s\"}]}}".formatted(delay);

    assertThat(response(body).retryDelay()).isZero();
  }

  @Test
  void response_envelopeWithoutDetails_hasNoReason() {
    HttpErrorResponse response =
        response("{\"error\": {\"status\": \"NOT_FOUND\", \"message\": \"No.\"}}");

    assertThat(response.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(response.message()).isEqualTo("No.");
    assertThat(response.reason()).isNull();
    assertThat(response.metadata()).isEmpty();
  }

  @Test
  void response_oauthError_isReasonAndMessage() {
    HttpErrorResponse response =
        response("{\"error\": \"invalid_grant\", \"error_description\": \"Invalid JWT.\"}");

    assertThat(response.message()).isEqualTo("invalid_grant: Invalid JWT.");
    assertThat(response.reason()).isEqualTo("invalid_grant");
    assertThat(response.metadata()).isEmpty();
  }

  @Test
  void response_oauthErrorWithoutDescription_isTheCode() {
    HttpErrorResponse response = response("{\"error\": \"invalid_scope\"}");

    assertThat(response.message()).isEqualTo("invalid_scope");
    assertThat(response.reason()).isEqualTo("invalid_scope");
    assertThat(response.metadata()).isEmpty();
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
        "{\"error\": \"\", \"error_description\": \"d\"}",
        "{\"error\": {\"message\": \"\"}}",
        "{\"error\": {\"message\": \" \\n\"}}",
        "{\"error\": {\"message\": {}, \"details\": {}}}",
        "{\"error\": {\"details\": [null, 1, {\"reason\": []}]}}",
      })
  void response_anythingElse_isEmpty(@Nullable String body) {
    assertEmpty(response(body));
  }

  @Test
  void response_deepNesting_isEmptyWithoutOverflow() {
    assertEmpty(response("{\"error\":".repeat(100_000)));
  }

  private static void assertEmpty(HttpErrorResponse response) {
    assertThat(response.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(response.message()).startsWith("HTTP 400 Bad");
    assertThat(response.reason()).isNull();
    assertThat(response.metadata()).isEmpty();
    assertThat(response.requestId()).isEmpty();
    assertThat(response.retryDelay()).isZero();
  }

  private static HttpErrorResponse response(@Nullable String body) {
    return new HttpErrorResponse(
        new HttpResponseException.Builder(400, "Bad", new HttpHeaders()).setContent(body).build());
  }
}
