package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenResponse;
import com.google.common.io.BaseEncoding;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.grpc.Status;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times and delays of a service at the limits of their types, over both transports. */
class LimitsOfTimeTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final RetryPolicy QUICK =
      new RetryPolicy(
          java.time.Duration.ofNanos(1),
          java.time.Duration.ofNanos(1),
          java.time.Duration.ofMinutes(1),
          true);

  private final FakeHttp http = new FakeHttp();
  private final FakeGrpc grpc = new FakeGrpc();
  private final ShortLivedCredentials rest = builder().endpoints(Endpoints.google()).build();
  private final ShortLivedCredentials rpc = builder().endpoints(grpc.endpoints()).grpc().build();

  private ShortLivedCredentials.Builder builder() {
    return ShortLivedCredentials.builder()
        .source(
            GoogleCredentials.create(
                new com.google.auth.oauth2.AccessToken(
                    "source", Date.from(Instant.parse("2100-01-01T00:00:00Z")))))
        .httpTransportFactory(http)
        .retryPolicy(QUICK);
  }

  @AfterEach
  void close() {
    rest.close();
    rpc.close();
    grpc.close();
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775, 0", // The last second that has milliseconds.
    "9223372036854776, 0",
    "31556889864403199, 0", // The last second of Instant.
    "31556889864403200, 0",
    "9223372036854775807, 999999999",
    "9223372036854775807, 2147483647",
    "-9223372036854775808, -2147483648",
    "253402300800, 0", // One second after the range of Timestamp.
    "4102444800, -1",
    "4102444800, 1000000000"
  })
  void accessToken_expireTimeOutOfRange_isUnavailable(long seconds, int nanos) {
    grpc.respond(token(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos)));
    assertThatThrownBy(() -> rpc.accessToken(TARGET, CLOUD_PLATFORM))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith(
            "generateAccessToken for %s failed: The response is incomplete. (UNKNOWN)"
                .formatted(TARGET));
    assertThat(grpc.calls()).hasSize(1);
  }

  @Test
  void accessToken_lastTimestamp_isIssued() {
    grpc.respond(token(Timestamp.newBuilder().setSeconds(253402300799L).setNanos(999_999_999)));
    assertThat(rpc.accessToken(TARGET, CLOUD_PLATFORM).expireTime())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59.999999999Z"));
  }

  @Test
  void accessToken_withoutExpireTime_isUnavailable() {
    grpc.respond(GenerateAccessTokenResponse.newBuilder().setAccessToken("opaque").build());
    http.respond(200, "{\"accessToken\": \"opaque\"}");
    for (ShortLivedCredentials caller : new ShortLivedCredentials[] {rest, rpc}) {
      assertThatThrownBy(() -> caller.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("The response is incomplete. (UNKNOWN)");
    }
  }

  private static GenerateAccessTokenResponse token(Timestamp.Builder expiry) {
    return GenerateAccessTokenResponse.newBuilder()
        .setAccessToken("opaque")
        .setExpireTime(expiry)
        .build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854776",
        "31556889864403200",
        "9223372036854775807",
        "253402300800",
        "null"
      })
  void idToken_expiryOutOfRange_isUnavailable(String exp) {
    String token =
        "eyJhbGciOiJSUzI1NiJ9.%s.c2ln"
            .formatted(
                BaseEncoding.base64Url()
                    .omitPadding()
                    .encode("{\"exp\":%s}".formatted(exp).getBytes(UTF_8)));
    grpc.respond(GenerateIdTokenResponse.newBuilder().setToken(token).build());
    http.respond(200, "{\"token\": \"%s\"}".formatted(token));
    for (ShortLivedCredentials caller : new ShortLivedCredentials[] {rest, rpc}) {
      assertThatThrownBy(() -> caller.idToken(TARGET, "https://service.example.com"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("The response is incomplete. (UNKNOWN)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"253402300800", "9223372036854775807", "3600.9"})
  void sourceToken_lifetimeOutOfRange_isAFailureOfTheSource(String lifetime) {
    http.respond(200, "{\"access_token\": \"opaque\", \"expires_in\": %s}".formatted(lifetime));
    try (ShortLivedCredentials caller =
        ShortLivedCredentials.builder()
            .source(TestKeys.source(http))
            .endpoints(Endpoints.google())
            .httpTransportFactory(http)
            .retryPolicy(RetryPolicy.none())
            .build()) {
      assertThatThrownBy(() -> caller.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.class)
          .hasMessageNotContainingAny("ArithmeticException", "Overflow", "clock");
    }
  }

  static Stream<Arguments> impossibleDelays() {
    return Stream.of(
        Arguments.of(Long.MAX_VALUE, 0),
        Arguments.of(Long.MAX_VALUE, 999_999_999),
        Arguments.of(Long.MAX_VALUE, Integer.MAX_VALUE),
        Arguments.of(315_576_000_001L, 0));
  }

  @ParameterizedTest
  @MethodSource("impossibleDelays")
  void retryInfo_longerThanTheTimeout_givesUpWithTheFailure(long seconds, int nanos) {
    grpc.fail(Status.UNAVAILABLE.withDescription("Later."), details(delay(seconds, nanos)));
    http.respond(503, envelope(seconds + "s"));
    for (ShortLivedCredentials caller : new ShortLivedCredentials[] {rest, rpc}) {
      Unavailable failure =
          catchThrowableOfType(Unavailable.class, () -> caller.accessToken(TARGET, CLOUD_PLATFORM));
      assertThat(failure)
          .hasMessageContaining("Later. (UNAVAILABLE)")
          .hasMessageContaining("which exceeds the rest of the total timeout");
      assertThat(failure.status()).contains(Code.UNAVAILABLE);
      assertThat(failure.attempts()).isOne();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 0",
    "-9223372036854775808, 0",
    "-9223372036854775808, -2147483648",
    "0, -1",
    "0, 2147483647",
    "-1, 999999999",
    "1, -1000000000"
  })
  void retryInfo_negativeOrOdd_isRetried(long seconds, int nanos) {
    grpc.fail(Status.UNAVAILABLE.withDescription("Later."), details(delay(seconds, nanos)))
        .respond(token(Timestamp.newBuilder().setSeconds(4102444800L)));
    assertThat(rpc.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("opaque");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "-5s", "soon", "1e3s", "0.0000000001s", "-0.5s", "1.s", "NaNs", "+1s"})
  void retryDelayInJson_unreadable_isRetried(String delay) {
    http.respond(503, envelope(delay)).respond(200, IamJson.accessToken("opaque"));
    assertThat(rest.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("opaque");
  }

  @Test
  void retryDelayInJson_noText_isRetried() {
    http.respond(
            503, envelope("").replace("\"retryDelay\": \"\"", "\"retryDelay\": {\"seconds\": 1}"))
        .respond(503, envelope("").replace("\"retryDelay\": \"\"", "\"retryDelay\": [1]"))
        .respond(503, envelope("").replace("\"retryDelay\": \"\"", "\"retryDelay\": null"))
        .respond(200, IamJson.accessToken("opaque"));
    assertThat(rest.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("opaque");
  }

  /** The bytes of no message of the type that they claim to be. */
  private static Any unreadable(Any readable) {
    return readable.toBuilder().setValue(ByteString.copyFrom(new byte[] {10, 127, 1})).build();
  }

  static Stream<byte[]> unreadableDetails() {
    Any info = Any.pack(ErrorInfo.newBuilder().setReason("R").build());
    return Stream.of(
        details(unreadable(delay(1, 0))),
        details(unreadable(info)),
        details(unreadable(Any.pack(com.google.rpc.RequestInfo.getDefaultInstance()))),
        details(unreadable(info), delay(0, 0)),
        new byte[] {10, 127, 1},
        new byte[0],
        "<html>".getBytes(UTF_8));
  }

  @ParameterizedTest
  @MethodSource("unreadableDetails")
  void details_unreadable_leaveTheFailureAsItIs(byte[] details) {
    grpc.fail(Status.UNAVAILABLE.withDescription("Later."), details)
        .respond(token(Timestamp.newBuilder().setSeconds(4102444800L)));
    assertThat(rpc.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("opaque");

    grpc.fail(Status.NOT_FOUND.withDescription("None."), details);
    assertThatThrownBy(() -> rpc.idToken(TARGET, "https://service.example.com"))
        .hasMessageContaining("None. (NOT_FOUND");
  }

  /** The other details can be read. */
  @Test
  void details_oneUnreadable_keepsTheOthers() {
    Any info =
        Any.pack(
            ErrorInfo.newBuilder().setReason("MY_REASON").putMetadata("permission", "p").build());
    grpc.fail(Status.NOT_FOUND.withDescription("None."), details(unreadable(delay(1, 0)), info));
    assertThatThrownBy(() -> rpc.idToken(TARGET, "https://service.example.com"))
        .hasMessageContaining("None. (NOT_FOUND, MY_REASON)");
  }

  @Test
  void detailsInJson_unknownOrOdd_leaveTheFailureAsItIs() {
    for (String details :
        new String[] {
          "[{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\", \"retryDelay\": 5}]",
          "[{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\", \"odd\": {}}]",
          "[{\"@type\": \"nothing\"}]",
          "[{\"@type\": 5}]",
          "[{}]",
          "[5]",
          "{}",
          "5",
          "null"
        }) {
      http.respond(
          503,
          "{\"error\": {\"code\": 503, \"status\": \"UNAVAILABLE\", \"message\": \"Later.\","
              + " \"details\": %s}}".formatted(details));
    }
    http.respond(200, IamJson.accessToken("opaque"));
    assertThat(rest.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("opaque");
  }

  private static Any delay(long seconds, int nanos) {
    return Any.pack(
        RetryInfo.newBuilder()
            .setRetryDelay(Duration.newBuilder().setSeconds(seconds).setNanos(nanos))
            .build());
  }

  private static byte[] details(Any... details) {
    return com.google.rpc.Status.newBuilder()
        .setCode(14)
        .addAllDetails(java.util.List.of(details))
        .build()
        .toByteArray();
  }

  private static String envelope(String delay) {
    return """
    {"error": {"code": 503, "status": "UNAVAILABLE", "message": "Later.", "details": [
      {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "%s"}]}}"""
        .formatted(delay);
  }
}
