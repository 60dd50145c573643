package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.ErrorDetails;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any token, time and delay is accepted or refused by its rule, without any other exception. */
class ResponseFieldsPropertyTest {
  private static final Pattern TOKEN = Pattern.compile(" *[!-~][ -~]*");
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(20),
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(40),
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withChars(" \r\n\t\u00a0\u0000")
            .ofMaxLength(9));
  }

  @Property
  void token_anyText_isReturnedOrRefusedUnseen(@ForAll("texts") String text) {
    boolean valid = TOKEN.matcher(text).matches();
    Map<String, List<String>> headers = Map.of("Authorization", List.of("Bearer " + text));
    try {
      assertThat(ResponseFields.token(text)).isEqualTo(text);
      assertThat(ResponseFields.sourceToken(text)).isEqualTo(text);
      assertThat(ResponseFields.sourceHeaders(headers)).isEqualTo(headers);
      assertThat(valid).isTrue();
    } catch (MalformedResponseException e) {
      assertThat(valid).isFalse();
      assertThat(e.getMessage()).matches("[ -~]+");
      if (text.length() > 12) {
        assertThat(e.getMessage()).doesNotContain(text);
      }
    }
  }

  @Property
  void time_anySecond_isThatOrRefused(@ForAll long seconds, @ForAll int nanos) {
    try {
      Instant time = ResponseFields.time(seconds, nanos);
      assertThat(time.getEpochSecond()).isEqualTo(seconds);
      assertThat(time.getNano()).isEqualTo(nanos);
      assertThat(time.toEpochMilli()).isLessThan(253_402_300_800_000L);
    } catch (MalformedResponseException e) {
      assertThat(e).hasMessage("The response is incomplete");
    }
  }

  @Property
  void retryDelay_anyDuration_leavesTheFailure(@ForAll long seconds, @ForAll int nanos) {
    judge(
        grpc(
            Any.pack(
                RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(seconds).setNanos(nanos))
                    .build())));
  }

  @Property
  void retryDelay_anyBytes_leaveTheFailure(@ForAll byte[] bytes) {
    judge(
        grpc(
            Any.pack(RetryInfo.getDefaultInstance()).toBuilder()
                .setValue(ByteString.copyFrom(bytes))
                .build()));
  }

  @Property
  void retryDelay_anyText_leavesTheFailure(
      @ForAll("delays") String delay, @ForAll("delays") String header) {
    judge(
        new HttpResponseException.Builder(503, "", new HttpHeaders().setRetryAfter(header))
            .setContent(
                "{\"error\": {\"status\": \"UNAVAILABLE\", \"details\": [{\"retryDelay\": %s}]}}"
                    .formatted(new JsonPrimitive(delay)))
            .build());
  }

  @Provide
  Arbitrary<String> delays() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(10),
        Arbitraries.longs().map(seconds -> seconds + "s"),
        Arbitraries.bigDecimals().map(seconds -> seconds.toPlainString() + "s"),
        Arbitraries.longs().map(String::valueOf));
  }

  private static Exception grpc(Any detail) {
    return ApiExceptionFactory.createException(
        Status.UNAVAILABLE.asRuntimeException(),
        GrpcStatusCode.of(Status.Code.UNAVAILABLE),
        true,
        ErrorDetails.builder().setRawErrorMessages(List.of(detail)).build());
  }

  private static void judge(Exception thrown) {
    ServiceFailure failure = FailedCallException.of(thrown).failure();
    assertThat(failure.status()).isEqualTo(Code.UNAVAILABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.retryDelay(NOON).toDays()).isBetween(-11_575L, 11_575L);
  }
}
