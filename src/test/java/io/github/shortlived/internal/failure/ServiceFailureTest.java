package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.ErrorDetails;
import com.google.protobuf.Any;
import com.google.rpc.RequestInfo;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceFailureTest {
  private static final String TOO_LATE =
      "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
          + " Check your iat and exp values in the JWT claim.";

  @Test
  void of_failedCall_isThatOfItsLastAttempt() {
    ServiceFailure failure =
        FailedCallException.of("iam.example.com", "getIamPolicy", response(503, ""))
            .after(
                new ServiceFailure.Attempts(
                    3, Duration.ofSeconds(2), Duration.ofSeconds(9), true, Instant.EPOCH))
            .failure();

    assertThat(failure.service()).isEqualTo("iam.example.com");
    assertThat(failure.method()).isEqualTo("getIamPolicy");
    assertThat(failure.response().httpStatus()).hasValue(503);
    assertThat(failure.attempts().count()).isEqualTo(3);
    assertThat(failure.attempts().elapsed()).isEqualTo(Duration.ofSeconds(2));
    assertThat(failure.attempts().excessiveDelay()).isEqualTo(Duration.ofSeconds(9));
    assertThat(failure.attempts().interrupted()).isTrue();
  }

  @Test
  void of_sourceFailure_namesTheServiceOfTheSource() {
    SourceEndpoint token = new SourceEndpoint("oauth2.example.com", "token");
    ServiceFailure failure = failure(new SourceFailureException(token, null, new IOException()));

    assertThat(failure.service()).isEqualTo("oauth2.example.com");
    assertThat(failure.method()).isEqualTo("token");
  }

  @Test
  void of_anythingElse_hasNoDetails() {
    ServiceFailure failure = failure(new IOException("Broken"));

    assertThat(failure.service()).isNull();
    assertThat(failure.method()).isNull();
    assertThat(failure.bySource()).isFalse();
    assertThat(failure.response())
        .isEqualTo(
            new ServiceFailure.Response(OptionalInt.empty(), null, Duration.ZERO, null, null));
    assertThat(failure.attempts()).isEqualTo(ServiceFailure.Attempts.NONE);
  }

  @ParameterizedTest
  @CsvSource({"x-goog-request-id", "X-Request-Id"})
  void of_requestIdInAHeader_isRead(String header) {
    HttpResponseException response =
        new HttpResponseException.Builder(500, "", new HttpHeaders().set(header, "r-1\u001b"))
            .build();

    assertThat(failure(response).response().requestId()).isEqualTo("r-1");
  }

  @Test
  void of_requestInfo_isReadOverEachTransport() {
    String body = "{\"error\": {\"details\": [{\"requestId\": \"r-2\"}]}}";
    RequestInfo info = RequestInfo.newBuilder().setRequestId("r-3").build();

    assertThat(failure(response(500, body)).response().requestId()).isEqualTo("r-2");
    assertThat(
            failure(
                    ApiExceptionFactory.createException(
                        Status.INTERNAL.asRuntimeException(),
                        GrpcStatusCode.of(Status.Code.INTERNAL),
                        false,
                        ErrorDetails.builder()
                            .setRawErrorMessages(List.of(Any.pack(info)))
                            .build()))
                .response()
                .requestId())
        .isEqualTo("r-3");
  }

  @Test
  void of_responseWithoutRequestId_hasNone() {
    assertThat(failure(response(500, "")).response().requestId()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-01T11:53:00Z, PT-7M",
    "2030-01-01T13:00:00Z, PT1H",
    "2030-01-01T12:00:00Z, PT0S"
  })
  void clockAhead_jwtRejectedForItsTimes_isTheDifference(Instant here, Duration ahead) {
    assertThat(clockAhead(here, "invalid_grant", TOO_LATE)).isEqualTo(ahead);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Invalid JWT Signature.", "Invalid grant: account not expected"})
  void clockAhead_otherInvalidGrant_isZero(String description) {
    assertThat(clockAhead(Instant.EPOCH, "invalid_grant", description)).isZero();
  }

  @Test
  void clockAhead_otherErrorAboutTime_isZero() {
    assertThat(clockAhead(Instant.EPOCH, "invalid_request", TOO_LATE)).isZero();
  }

  @Test
  void clockAhead_responseWithoutDate_isZero() {
    String body =
        "{\"error\": \"invalid_grant\", \"error_description\": \"%s\"}".formatted(TOO_LATE);

    assertThat(clockAhead(Instant.EPOCH, response(400, body))).isZero();
  }

  private static Duration clockAhead(Instant here, String code, String description) {
    HttpResponseException response =
        new HttpResponseException.Builder(
                400, "", new HttpHeaders().setDate("Tue, 01 Jan 2030 12:00:00 GMT"))
            .setContent(
                "{\"error\": \"%s\", \"error_description\": \"%s\"}".formatted(code, description))
            .build();
    return clockAhead(here, new SourceFailureException(response));
  }

  private static Duration clockAhead(Instant end, Exception cause) {
    return FailedCallException.of(cause)
        .after(new ServiceFailure.Attempts(1, Duration.ZERO, Duration.ZERO, false, end))
        .failure()
        .clockAhead();
  }

  private static ServiceFailure failure(Throwable thrown) {
    return FailedCallException.of(thrown).failure();
  }

  private static HttpResponseException response(int status, String body) {
    return new HttpResponseException.Builder(status, "", new HttpHeaders())
        .setContent(body)
        .build();
  }
}
