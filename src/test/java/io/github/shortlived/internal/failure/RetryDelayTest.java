package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.ErrorDetails;
import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryDelayTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "7, PT7S",
    "' 120 ', PT2M",
    "0000000001, PT1S",
    "0000000000000000000000000000001, PT1S",
    "999999999, PT277777H46M39S",
    "99999999999999999999, PT277777H46M40S"
  })
  void retryDelay_retryAfterInSeconds_isThat(String header, Duration delay) {
    assertThat(delay(new HttpHeaders().setRetryAfter(header))).isEqualTo(delay);
  }

  @Test
  void retryDelay_retryAfterAsADate_countsFromNow() {
    assertThat(delay(new HttpHeaders().setRetryAfter("Tue, 01 Jan 2030 12:00:30 GMT")))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void retryDelay_retryAfterAsADate_countsFromTheDateOfTheResponse() {
    HttpHeaders headers =
        new HttpHeaders()
            .setRetryAfter("Tue, 01 Jan 2030 13:00:30 GMT")
            .setDate("Tue, 01 Jan 2030 13:00:10 GMT");

    assertThat(delay(headers)).isEqualTo(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1.5", "Tue, 01 Jan 2030 11:00:00 GMT"})
  void retryDelay_otherRetryAfter_isZero(String header) {
    assertThat(delay(new HttpHeaders().setRetryAfter(header))).isZero();
  }

  @Test
  void retryDelay_headerAndDetails_isTheLonger() {
    HttpResponseException both =
        new HttpResponseException.Builder(429, "", new HttpHeaders().setRetryAfter("5"))
            .setContent("{\"error\": {\"details\": [{\"retryDelay\": \"5.5s\"}]}}")
            .build();

    assertThat(delay(new IOException(both))).isEqualTo(Duration.ofMillis(5500));
  }

  @Test
  void retryDelay_retryInfoOverGrpc_isThat() {
    assertThat(delay(grpc(2, 500_000_000))).isEqualTo(Duration.ofMillis(2500));
    assertThat(delay(grpc(-2, 0))).isZero();
  }

  @Test
  void retryDelay_extremeRetryInfo_isLimited() {
    assertThat(delay(grpc(Long.MAX_VALUE, Integer.MAX_VALUE)).toDays()).isEqualTo(11_574);
    assertThat(delay(grpc(Long.MIN_VALUE, Integer.MIN_VALUE))).isZero();
  }

  @Test
  void retryDelay_failureWithoutResponse_isZero() {
    assertThat(delay(new ConnectException("Refused"))).isZero();
    assertThat(
            delay(
                ApiExceptionFactory.createException(
                    null, GrpcStatusCode.of(Status.Code.UNAVAILABLE), true)))
        .isZero();
  }

  private static Duration delay(Throwable thrown) {
    return FailedCallException.of(thrown).failure().retryDelay(NOON);
  }

  private static Duration delay(HttpHeaders headers) {
    return delay(new HttpResponseException.Builder(503, "", headers).build());
  }

  private static ApiException grpc(long seconds, int nanos) {
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder().setSeconds(seconds).setNanos(nanos))
            .build();
    return ApiExceptionFactory.createException(
        Status.UNAVAILABLE.asRuntimeException(),
        GrpcStatusCode.of(Status.Code.UNAVAILABLE),
        true,
        ErrorDetails.builder().setRawErrorMessages(List.of(Any.pack(info))).build());
  }
}
