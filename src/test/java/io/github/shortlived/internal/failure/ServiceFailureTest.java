package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.ErrorDetails;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.Retryable;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceFailureTest {
  private static final String DENIED =
      """
      {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "No.", "details": [
        {"reason": "IAM_PERMISSION_DENIED", "metadata": {"permission": "p"}}]}}\
      """;

  @Test
  void of_grpcWithDetails_keepsReasonAndMetadata() {
    assertThat(ServiceFailure.of(grpc(Status.PERMISSION_DENIED.withDescription("No."), info())))
        .isEqualTo(
            new ServiceFailure(
                Code.PERMISSION_DENIED,
                "IAM_PERMISSION_DENIED",
                Map.of("permission", "p"),
                "No.",
                false));
  }

  @ParameterizedTest
  @CsvSource({
    "400, OK, INVALID_ARGUMENT",
    "503, OK, UNAVAILABLE",
    "400, ABORTED, ABORTED",
    "200, OK, UNKNOWN"
  })
  void of_httpWhoseBodySaysOk_goesByTheStatusLine(int httpStatus, String status, Code expected) {
    HttpResponseException failure =
        new HttpResponseException.Builder(httpStatus, "Reason", new HttpHeaders())
            .setContent("{\"error\": {\"status\": \"%s\", \"message\": \"m\"}}".formatted(status))
            .build();

    assertThat(ServiceFailure.of(failure).status()).isEqualTo(expected);
  }

  @Test
  void of_grpcThatSaysOk_isUnknown() {
    assertThat(ServiceFailure.of(grpc(Status.OK, null)).status()).isEqualTo(Code.UNKNOWN);
  }

  @Test
  void of_grpcWithoutDetails_hasNoReason() {
    assertThat(ServiceFailure.of(grpc(Status.NOT_FOUND.withDescription("No."), null)))
        .isEqualTo(new ServiceFailure(Code.NOT_FOUND, null, Map.of(), "No.", false));
  }

  @Test
  void of_grpcWithoutDescription_saysTheCode() {
    assertThat(ServiceFailure.of(grpc(Status.ABORTED, null)).message()).isEqualTo("ABORTED");
  }

  @Test
  void of_grpcMetadataWithASecret_isRedacted() {
    ErrorInfo quoting =
        ErrorInfo.newBuilder().setReason("R").putMetadata("token", "ya29.hidden").build();

    assertThat(ServiceFailure.of(grpc(Status.ABORTED, quoting)).metadata())
        .isEqualTo(Map.of("token", "[redacted]"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL"})
  void passing_faultOfTheService_true(Status.Code code) {
    assertThat(ServiceFailure.of(grpc(Status.fromCode(code), null)).retryable()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK", "UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL"})
  void passing_anyOtherStatus_false(Status.Code code) {
    assertThat(ServiceFailure.of(grpc(Status.fromCode(code), null)).retryable()).isFalse();
  }

  @Test
  void of_grpcConnectionThatBrokeOffAmidSending_isUnavailable() {
    Status lost =
        Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException());

    assertThat(ServiceFailure.of(grpc(lost, null)))
        .isEqualTo(
            new ServiceFailure(Code.UNAVAILABLE, null, Map.of(), "ClosedChannelException", true));
  }

  @Test
  void of_grpcThatReachedNobody_saysWhatHappenedInsteadOfThePipeline() {
    Status refused =
        Status.UNAVAILABLE
            .withDescription("io exception\nChannel Pipeline: [SslHandler#0]")
            .withCause(new ConnectException("Connection refused: /127.0.0.1:1"));

    assertThat(ServiceFailure.of(grpc(refused, null)))
        .isEqualTo(
            new ServiceFailure(
                Code.UNAVAILABLE,
                null,
                Map.of(),
                "ConnectException: Connection refused: /127.0.0.1:1",
                true));
  }

  @Test
  void of_grpcCertificateThatIsNotTrusted_isNotPassing() {
    SSLHandshakeException fault = new SSLHandshakeException("General SSLEngine problem");
    fault.initCause(new CertificateException("No path to a trusted certificate"));
    Status refused = Status.UNAVAILABLE.withDescription("io exception").withCause(fault);

    assertThat(ServiceFailure.of(grpc(refused, null)))
        .isEqualTo(
            new ServiceFailure(
                Code.UNKNOWN,
                null,
                Map.of(),
                "CertificateException: No path to a trusted certificate",
                false));
  }

  @Test
  void of_grpcUnavailableByTheServicesWord_keepsItsWords() {
    assertThat(ServiceFailure.of(grpc(Status.UNAVAILABLE.withDescription("Overloaded"), null)))
        .isEqualTo(new ServiceFailure(Code.UNAVAILABLE, null, Map.of(), "Overloaded", true));
  }

  @Test
  void of_answerThatIsNotGrpc_isShownWithoutItsHeaders() {
    String description =
        """
        HTTP status code 403
        invalid content-type: text/html
        headers: Metadata(:status=403,set-cookie=session)
        DATA-----------------------------
        <html>
        <p>Blocked</p>""";

    assertThat(
            ServiceFailure.of(grpc(Status.PERMISSION_DENIED.withDescription(description), null))
                .message())
        .isEqualTo(
            "HTTP status code 403 invalid content-type: text/html"
                + " DATA----------------------------- <html> <p>Blocked</p>");
  }

  /** gRPC makes INTERNAL of 400, and UNKNOWN of 408 and 500. */
  @ParameterizedTest
  @CsvSource({
    "400, INTERNAL, INVALID_ARGUMENT, false",
    "404, UNIMPLEMENTED, NOT_FOUND, false",
    "408, UNKNOWN, DEADLINE_EXCEEDED, true",
    "500, UNKNOWN, INTERNAL, true",
    "429, UNAVAILABLE, RESOURCE_EXHAUSTED, true",
    "502, UNAVAILABLE, INTERNAL, true",
    "511, UNKNOWN, INTERNAL, true"
  })
  void of_answerThatIsNotGrpc_isJudgedByItsHttpStatus(
      int http, Status.Code byGrpc, Code code, boolean retryable) {
    String description = "HTTP status code " + http + "\ninvalid content-type: text/html";
    ServiceFailure failure =
        ServiceFailure.of(grpc(byGrpc.toStatus().withDescription(description), null));

    assertThat(failure.status()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.facts().httpStatus()).hasValue(http);
  }

  @Test
  void of_metadataServersPage_isCut() {
    String page = "Unexpected Error code 403 trying to get it: " + "<p>Blocked</p>".repeat(4_000);

    assertThat(ServiceFailure.of(new SourceFailureException(new IOException(page))).message())
        .startsWith("Unexpected Error code 403 trying to get it: <p>Blocked</p>")
        .hasSize(200);
  }

  @Test
  void of_wordsOfSeveralLines_areOneLine() {
    assertThat(ServiceFailure.of(new IOException("Refused\nINFO all is well\u202e")).message())
        .isEqualTo("Refused INFO all is well ");
  }

  static Stream<Arguments> proxyAnswers() {
    return Stream.of(
            "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 %s\"",
            "http, none, /127.0.0.1:3128 => iam.googleapis.com:443, status: %s")
        .flatMap(
            words ->
                Stream.of(
                    Arguments.of(words.formatted("407 Proxy Authentication Required"), 407, false),
                    Arguments.of(words.formatted("403 Forbidden"), 403, false),
                    Arguments.of(words.formatted("503 Nowhere"), 503, true),
                    Arguments.of(words.formatted("429 Slowly"), 429, true)));
  }

  @ParameterizedTest
  @MethodSource("proxyAnswers")
  void of_proxyThatLetsNothingThrough_goesByItsStatusWhoeverTellsIt(
      String words, int httpStatus, boolean passes) {
    IOException fault = new ConnectException(words);
    Throwable bySource = new SourceFailureException(new AuthFault(true, fault));
    Throwable byGrpc = grpc(Status.UNAVAILABLE.withCause(fault), null);

    for (Throwable failure : List.of(httpJson(fault, 400), bySource, byGrpc)) {
      ServiceFailure told = ServiceFailure.of(failure);
      assertThat(told.status()).isEqualTo(passes ? Code.UNAVAILABLE : Code.UNKNOWN);
      assertThat(told.retryable()).isEqualTo(passes);
      assertThat(told.message()).isEqualTo("ConnectException: " + words);
      assertThat(told.facts().httpStatus()).hasValue(httpStatus);
    }
  }

  @Test
  void of_answerThatIsNoJson_isRetried() {
    ApiException failure =
        httpJson(new InvalidProtocolBufferException("Expect a JSON object"), 200);

    assertThat(ServiceFailure.of(failure))
        .isEqualTo(
            new ServiceFailure(Code.UNAVAILABLE, null, Map.of(), "The answer was not JSON", true));
  }

  @Test
  void of_grpcDefectOfTheServer_staysUnknown() {
    Status defect = Status.UNKNOWN.withCause(new IllegalStateException("Defect"));

    assertThat(ServiceFailure.of(grpc(defect, null)).status()).isEqualTo(Code.UNKNOWN);
  }

  @Test
  void of_httpEnvelopeInsideGax_isReadFromTheBody() {
    HttpResponseException response = response(403, "Forbidden", DENIED);

    assertThat(ServiceFailure.of(httpJson(response, 403)))
        .isEqualTo(
            new ServiceFailure(
                Code.PERMISSION_DENIED,
                "IAM_PERMISSION_DENIED",
                Map.of("permission", "p"),
                "No.",
                false,
                answered(403)));
  }

  @Test
  void of_oauthError_isReadFromTheBody() {
    String body =
        """
        {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}\
        """;

    assertThat(ServiceFailure.of(new IOException("Token", response(400, "Bad Request", body))))
        .isEqualTo(
            new ServiceFailure(
                Code.INVALID_ARGUMENT,
                "invalid_grant",
                Map.of(),
                "invalid_grant: Invalid JWT Signature.",
                false,
                answered(400)));
  }

  @Test
  void of_htmlPage_saysTheStatusLineAndThePagesBeginning() {
    assertThat(ServiceFailure.of(response(502, "Bad Gateway", "<html>\n  proxy</html>")))
        .isEqualTo(
            new ServiceFailure(
                Code.INTERNAL,
                null,
                Map.of(),
                "HTTP 502 Bad Gateway: <html> proxy</html>",
                true,
                answered(502)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"access_token\": \"opaque\"}", " [\"opaque\"]", "{\"opaque"})
  void of_jsonThatIsNoError_isNotShown(String body) {
    assertThat(ServiceFailure.of(response(502, "Bad Gateway", body)).message())
        .isEqualTo("HTTP 502 Bad Gateway");
  }

  @ParameterizedTest
  @CsvSource({
    "500, UNKNOWN, true",
    "500, DATA_LOSS, true",
    "501, UNIMPLEMENTED, false",
    "429, UNKNOWN, true",
    "408, UNKNOWN, true",
    "400, UNKNOWN, false",
    "404, NOT_FOUND, false"
  })
  void of_faultOfTheServer_isRetriedWhateverTheEnvelopeCallsIt(
      int http, String status, boolean retryable) {
    String body = "{\"error\": {\"status\": \"%s\", \"message\": \"No.\"}}".formatted(status);
    ServiceFailure failure = ServiceFailure.of(response(http, "Reason", body));

    assertThat(failure.status()).isEqualTo(Code.valueOf(status));
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @ParameterizedTest
  @CsvSource({"500, INTERNAL, true", "429, RESOURCE_EXHAUSTED, true", "404, NOT_FOUND, false"})
  void of_statusInGoogleAuthsWords_isMapped(int http, Code status, boolean retryable) {
    ServiceFailure failure =
        ServiceFailure.of(
            new SourceFailureException(
                new IOException("Unexpected Error code %d trying to get it: x".formatted(http))));

    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.facts().httpStatus()).hasValue(http);
  }

  @Test
  void of_statusInTheWordsOfOthers_isNotBelieved() {
    assertThat(ServiceFailure.of(new IOException("Error code 500 trying to")).retryable())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Premature EOF",
        "Premature end of Content-Length delimited message body (expected: 63; received: 20)",
        "Connection closed prematurely: bytesRead = 20, Content-Length = 63",
        "Error writing to server",
        "The target server failed to respond"
      })
  void of_connectionThatBrokeOffInAPlainException_isUnavailable(String message) {
    assertThat(ServiceFailure.of(new IOException(message)).retryable()).isTrue();
  }

  @Test
  void of_sourceThatTookTooLong_isRetriedAsDeadlineExceeded() {
    ServiceFailure failure =
        ServiceFailure.of(new SourceFailureException(new TimeoutException("No token in time")));

    assertThat(failure.status()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.message()).isEqualTo("No token in time");
  }

  @Test
  void of_interruption_isCancelledAndNotRetried() {
    ServiceFailure failure = ServiceFailure.of(new CancellationException("Interrupted"));

    assertThat(failure.status()).isEqualTo(Code.CANCELLED);
    assertThat(failure.retryable()).isFalse();
  }

  private static CallDetails answered(int httpStatus) {
    return new CallDetails(
        null,
        OptionalInt.of(httpStatus),
        null,
        0,
        Duration.ZERO,
        Duration.ZERO,
        false,
        Duration.ZERO);
  }

  @Test
  void of_whatNobodyMeantForAReader_isToldWithItsType() {
    assertThat(ServiceFailure.of(new NoClassDefFoundError("com/google/protobuf/X")).message())
        .isEqualTo("java.lang.NoClassDefFoundError: com/google/protobuf/X");
    assertThat(ServiceFailure.of(new RejectedExecutionException("full")).message())
        .isEqualTo("java.util.concurrent.RejectedExecutionException: full");
  }

  @Test
  void of_noBodyAndNoReasonPhrase_saysTheCode() {
    assertThat(ServiceFailure.of(response(404, null, null)).message()).isEqualTo("HTTP 404");
  }

  @ParameterizedTest
  @CsvSource({
    "302, UNKNOWN, false",
    "400, INVALID_ARGUMENT, false",
    "401, UNAUTHENTICATED, false",
    "403, PERMISSION_DENIED, false",
    "404, NOT_FOUND, false",
    "408, DEADLINE_EXCEEDED, true",
    "409, ABORTED, false",
    "429, RESOURCE_EXHAUSTED, true",
    "500, INTERNAL, true",
    "502, INTERNAL, true",
    "503, UNAVAILABLE, true",
    "504, DEADLINE_EXCEEDED, true",
    "520, INTERNAL, true"
  })
  void of_httpStatusAlone_isMapped(int http, Code status, boolean retryable) {
    ServiceFailure failure = ServiceFailure.of(response(http, "Reason", null));

    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void of_statusOfTheEnvelope_winsOverHttps() {
    String body = "{\"error\": {\"status\": \"ALREADY_EXISTS\", \"message\": \"There.\"}}";

    assertThat(ServiceFailure.of(response(409, "Conflict", body)).status())
        .isEqualTo(Code.ALREADY_EXISTS);
  }

  @Test
  void of_unknownStatusInTheEnvelope_fallsBackToHttps() {
    String body = "{\"error\": {\"status\": \"NEWLY_INVENTED\", \"message\": \"No.\"}}";

    assertThat(ServiceFailure.of(response(404, "Not Found", body)).status())
        .isEqualTo(Code.NOT_FOUND);
  }

  @ParameterizedTest
  @MethodSource("connectionFaults")
  void of_connectionFaultAsGaxReportsIt_isUnavailable(IOException fault) {
    assertThat(ServiceFailure.of(httpJson(fault, 400)))
        .isEqualTo(new ServiceFailure(Code.UNAVAILABLE, null, Map.of(), words(fault), true));
  }

  private static String words(IOException fault) {
    return fault.getClass().getSimpleName() + ": " + fault.getMessage();
  }

  static Stream<IOException> connectionFaults() {
    return Stream.of(
        new ConnectException("Connection refused"),
        new SocketException("Connection reset"),
        new SocketTimeoutException("Read timed out"),
        new UnknownHostException("iamcredentials.example"),
        new EOFException("Unexpected end"));
  }

  @Test
  void of_untrustedCertificateAsGaxReportsIt_isNoInvalidRequestAndNotPassing() {
    SSLHandshakeException fault = new SSLHandshakeException("PKIX path building failed");

    assertThat(ServiceFailure.of(httpJson(fault, 400)))
        .isEqualTo(
            new ServiceFailure(
                Code.UNKNOWN,
                null,
                Map.of(),
                "SSLHandshakeException: PKIX path building failed",
                false));
  }

  @Test
  void of_handshakeThatBrokeOff_isUnavailable() {
    SSLHandshakeException fault = new SSLHandshakeException("Remote host terminated");
    fault.initCause(new EOFException("SSL peer shut down"));

    assertThat(ServiceFailure.of(httpJson(fault, 400)).retryable()).isTrue();
  }

  @Test
  void of_retryableOfGoogleAuth_isUnavailable() {
    assertThat(ServiceFailure.of(new IOException(new AuthFault(true))).retryable()).isTrue();
  }

  @Test
  void of_permanentFaultOfGoogleAuth_isNotPassing() {
    assertThat(ServiceFailure.of(new IOException(new AuthFault(false))).retryable()).isFalse();
  }

  @Test
  void of_apiExceptionWithoutAnyBody_keepsItsStatus() {
    ApiException failure =
        ApiExceptionFactory.createException(
            "Gone", null, HttpJsonStatusCode.of(Code.NOT_FOUND), false);

    assertThat(ServiceFailure.of(failure))
        .isEqualTo(new ServiceFailure(Code.NOT_FOUND, null, Map.of(), "Gone", false));
  }

  @Test
  void of_sourceFailure_isUnauthenticatedInItsOwnWords() {
    assertThat(ServiceFailure.of(new SourceFailureException(new IOException("No token"))))
        .isEqualTo(new ServiceFailure(Code.UNAUTHENTICATED, null, Map.of(), "No token", false));
  }

  @Test
  void of_sourceFailureWithoutWords_namesItsType() {
    assertThat(ServiceFailure.of(new SourceFailureException(new IOException())).message())
        .isEqualTo("java.io.IOException");
  }

  @Test
  void of_anythingElse_isUnknown() {
    assertThat(ServiceFailure.of(new IllegalArgumentException("Bad")))
        .isEqualTo(
            new ServiceFailure(
                Code.UNKNOWN, null, Map.of(), "java.lang.IllegalArgumentException: Bad", false));
  }

  @Test
  void of_messageWithASecret_isRedacted() {
    assertThat(ServiceFailure.of(new IOException("Bad token ya29.hidden")).toString())
        .contains("Bad token [redacted]")
        .doesNotContain("hidden");
  }

  private static ErrorInfo info() {
    return ErrorInfo.newBuilder()
        .setReason("IAM_PERMISSION_DENIED")
        .setDomain("iam.googleapis.com")
        .putMetadata("permission", "p")
        .build();
  }

  private static ApiException grpc(Status status, @Nullable ErrorInfo info) {
    StatusRuntimeException cause = status.asRuntimeException();
    GrpcStatusCode code = GrpcStatusCode.of(status.getCode());
    return info == null
        ? ApiExceptionFactory.createException(cause, code, false)
        : ApiExceptionFactory.createException(
            cause,
            code,
            false,
            ErrorDetails.builder().setRawErrorMessages(List.of(Any.pack(info))).build());
  }

  private static ApiException httpJson(IOException cause, int status) {
    return ApiExceptionFactory.createException(cause, HttpJsonStatusCode.of(status), false);
  }

  private static HttpResponseException response(
      int status, @Nullable String reasonPhrase, @Nullable String body) {
    HttpResponseException.Builder response =
        new HttpResponseException.Builder(status, reasonPhrase, new HttpHeaders());
    return (body == null ? response : response.setContent(body)).build();
  }

  private static final class AuthFault extends IOException implements Retryable {
    private static final long serialVersionUID = 1;

    private final boolean retryable;

    AuthFault(boolean retryable) {
      this(retryable, null);
    }

    AuthFault(boolean retryable, @Nullable IOException cause) {
      super("Error getting access token", cause);
      this.retryable = retryable;
    }

    @Override
    public boolean isRetryable() {
      return retryable;
    }

    @Override
    public int getRetryCount() {
      return 0;
    }
  }

  @Test
  void of_permissionThatIsReallyAQuota_isResourceExhausted() {
    String body =
        """
        {"error": {"code": 403, "message": "Rate Limit Exceeded",
          "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}}\
        """;
    ServiceFailure failure = ServiceFailure.of(response(403, "Forbidden", body));
    assertThat(failure.status()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(failure.reason()).isEqualTo("rateLimitExceeded");
  }

  @Test
  void of_permissionInTheLegacyEnvelope_isNoQuota() {
    String body =
        """
        {"error": {"code": 403, "message": "Required permission",
          "errors": [{"domain": "global", "reason": "forbidden"}]}}\
        """;
    assertThat(ServiceFailure.of(response(403, "Forbidden", body)).status())
        .isEqualTo(Code.PERMISSION_DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "Error code invalid_grant: Bad subject - http://x, invalid_grant, UNAUTHENTICATED, false",
    "Error code server_error, server_error, UNAVAILABLE, true",
    "Error code quota_exceeded, quota_exceeded, UNAVAILABLE, true",
    "Error code rate_limit_exceeded, rate_limit_exceeded, UNAVAILABLE, true",
  })
  void of_answerOfTheTokenService_keepsItsReason(
      String message, String reason, Code status, boolean retryable) {
    ServiceFailure failure =
        ServiceFailure.of(new SourceFailureException(new IOException(message)));
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void of_proxyThatWantsAPassword_isNoInvalidRequest() {
    assertThat(ServiceFailure.of(response(407, "Proxy Authentication Required", null)).status())
        .isEqualTo(Code.UNKNOWN);
  }

  @Test
  void of_certificateNotTrusted_isNotRetried() {
    SSLHandshakeException fault = new SSLHandshakeException("PKIX path building failed");
    fault.initCause(new CertificateException("not trusted"));
    IOException bySource = new SourceFailureException(fault);
    assertThat(ServiceFailure.of(bySource).retryable()).isFalse();
  }
}
