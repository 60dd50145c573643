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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureReaderTest {
  private static final String DENIED =
      """
      {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "No.", "details": [
        {"reason": "IAM_PERMISSION_DENIED", "metadata": {"permission": "p"}}]}}\
      """;

  @Test
  void read_grpcWithDetails_hasReasonAndMetadata() {
    assertThat(FailureReader.read(grpc(Status.PERMISSION_DENIED.withDescription("No."), info())))
        .isEqualTo(
            failure(
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
  void read_httpWhoseBodySaysOk_hasTheStatusOfTheStatusLine(
      int httpStatus, String status, Code expected) {
    HttpResponseException failure =
        new HttpResponseException.Builder(httpStatus, "Reason", new HttpHeaders())
            .setContent("{\"error\": {\"status\": \"%s\", \"message\": \"m\"}}".formatted(status))
            .build();

    assertThat(FailureReader.read(failure).status()).isEqualTo(expected);
  }

  @Test
  void read_grpcThatSaysOk_isUnknown() {
    assertThat(FailureReader.read(grpc(Status.OK, null)).status()).isEqualTo(Code.UNKNOWN);
  }

  @Test
  void read_grpcWithoutDetails_hasNoReason() {
    assertThat(FailureReader.read(grpc(Status.NOT_FOUND.withDescription("No."), null)))
        .isEqualTo(failure(Code.NOT_FOUND, null, Map.of(), "No.", false));
  }

  @Test
  void read_grpcWithoutDescription_hasTheCodeAsMessage() {
    assertThat(FailureReader.read(grpc(Status.ABORTED, null)).message()).isEqualTo("ABORTED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "\u200b"})
  void read_blankMessage_isAbsent(String blank) {
    assertThat(FailureReader.read(grpc(Status.ABORTED.withDescription(blank), null)).message())
        .isEqualTo("ABORTED");
    assertThat(FailureReader.read(new IOException(blank)).message()).isNotBlank();
    String json = "{\"error\": {\"code\": 403, \"message\": \"\"}}";
    assertThat(FailureReader.read(response(403, "Forbidden", json)).message())
        .isEqualTo("HTTP 403 Forbidden");
  }

  @Test
  void read_grpcWithABlankReason_hasNone() {
    ErrorInfo blank = ErrorInfo.newBuilder().setDomain("googleapis.com").build();

    assertThat(FailureReader.read(grpc(Status.ABORTED, blank)).reason()).isNull();
  }

  @Test
  @Timeout(10)
  void read_megabytesInAMessage_areCut() {
    String json = "{\"error\": {\"message\": \"No. %s\"}}".formatted("a.b ".repeat(500_000));

    assertThat(FailureReader.read(response(400, "Bad", json)).message())
        .startsWith("No. a.b ")
        .endsWith(" …")
        .hasSizeLessThan(4_010);
  }

  @Test
  void read_grpcMetadataWithASecret_isRedacted() {
    ErrorInfo quoting =
        ErrorInfo.newBuilder().setReason("R").putMetadata("token", "ya29.hidden").build();

    assertThat(FailureReader.read(grpc(Status.ABORTED, quoting)).metadata())
        .isEqualTo(Map.of("token", "[redacted]"));
  }

  @Test
  void read_metadataNamesWithASecretOrALineBreak_areShownSafely() {
    ErrorInfo quoting =
        ErrorInfo.newBuilder()
            .setReason("R")
            .putMetadata("ya29.hidden", "one")
            .putMetadata("ya29.secret", "two")
            .putMetadata("line\nbreak\u202e", "three")
            .build();
    String json =
        """
        {"error": {"code": 409, "status": "ABORTED", "message": "No.", "details": [
          {"reason": "R", "metadata": {"ya29.hidden": "one", "ya29.secret": "two", \
        "line\\nbreak\\u202e": "three"}}]}}""";

    for (Throwable failure :
        List.of(grpc(Status.ABORTED, quoting), response(409, "Conflict", json))) {
      assertThat(FailureReader.read(failure).metadata())
          .containsOnlyKeys("[redacted]", "line break ")
          .containsEntry("line break ", "three");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL"})
  void read_faultOfTheService_isRetryable(Status.Code code) {
    assertThat(FailureReader.read(grpc(Status.fromCode(code), null)).retryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gRPC message exceeds maximum size 4194304: 5000000",
        "Decompressed gRPC message exceeds maximum size 4194304",
        "message too large 5000000 > 4194304",
        "Received message larger than max (5000000 vs. 4194304)",
        "SERVER: Received message larger than max (5000000 vs. 4194304)",
        "Sent message larger than max (5000000 vs. 4194304)",
        "grpc: received message after decompression larger than max (5000000 vs. 4194304)",
        "grpc: trying to send message larger than max (5000000 vs. 4194304)"
      })
  void read_messageTooLarge_isNotRetryable(String description) {
    String json =
        "{\"error\": {\"status\": \"RESOURCE_EXHAUSTED\", \"message\": \"%s\"}}"
            .formatted(description);

    for (Throwable thrown :
        List.of(
            grpc(Status.RESOURCE_EXHAUSTED.withDescription(description), null),
            response(429, "Too Many Requests", json))) {
      ServiceFailure failure = FailureReader.read(thrown);
      assertThat(failure.status()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(failure.message()).isEqualTo(description);
      assertThat(failure.retryable()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Resource has been exhausted (e.g. check quota).",
        "Quota exceeded for quota metric 'Sign requests': larger than max"
      })
  void read_quotaExceeded_staysRetryable(String description) {
    Status status = Status.RESOURCE_EXHAUSTED.withDescription(description);
    assertThat(FailureReader.read(grpc(status, null)).retryable()).isTrue();
  }

  @Test
  void read_sizeInAnotherStatus_staysRetryable() {
    Status status = Status.UNAVAILABLE.withDescription("gRPC message exceeds maximum size 1: 2");
    assertThat(FailureReader.read(grpc(status, null)).retryable()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK", "UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL"})
  void read_anyOtherStatus_isNotRetryable(Status.Code code) {
    assertThat(FailureReader.read(grpc(Status.fromCode(code), null)).retryable()).isFalse();
  }

  @Test
  void read_grpcConnectionBrokenWhileSending_isUnavailable() {
    Status lost =
        Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException());

    assertThat(FailureReader.read(grpc(lost, null)))
        .isEqualTo(failure(Code.UNAVAILABLE, null, Map.of(), "ClosedChannelException", true));
  }

  @Test
  void read_grpcWithoutConnection_hasTheFaultAsMessage() {
    Status refused =
        Status.UNAVAILABLE
            .withDescription("io exception\nChannel Pipeline: [SslHandler#0]")
            .withCause(new ConnectException("Connection refused: /127.0.0.1:1"));

    assertThat(FailureReader.read(grpc(refused, null)))
        .isEqualTo(
            failure(
                Code.UNAVAILABLE,
                null,
                Map.of(),
                "ConnectException: Connection refused: /127.0.0.1:1",
                true));
  }

  @Test
  void read_grpcUntrustedCertificate_isNotRetryable() {
    SSLHandshakeException fault = new SSLHandshakeException("General SSLEngine problem");
    fault.initCause(new CertificateException("No path to a trusted certificate"));
    Status refused = Status.UNAVAILABLE.withDescription("io exception").withCause(fault);

    assertThat(FailureReader.read(grpc(refused, null)))
        .isEqualTo(
            failure(
                Code.UNKNOWN,
                null,
                Map.of(),
                "CertificateException: No path to a trusted certificate",
                false));
  }

  @Test
  void read_grpcUnavailableService_hasItsMessage() {
    assertThat(FailureReader.read(grpc(Status.UNAVAILABLE.withDescription("Overloaded"), null)))
        .isEqualTo(failure(Code.UNAVAILABLE, null, Map.of(), "Overloaded", true));
  }

  @Test
  void read_responseThatIsNotGrpc_isShownWithoutItsHeaders() {
    String description =
        """
        HTTP status code 403
        invalid content-type: text/html
        headers: Metadata(:status=403,set-cookie=session)
        DATA-----------------------------
        <html>
        <p>Blocked</p>""";

    assertThat(
            FailureReader.read(grpc(Status.PERMISSION_DENIED.withDescription(description), null))
                .message())
        .isEqualTo(
            "HTTP status code 403 invalid content-type: text/html"
                + " DATA----------------------------- <html> <p>Blocked</p>");
  }

  /** gRPC maps 400 to INTERNAL, and 408 and 500 to UNKNOWN. */
  @ParameterizedTest
  @CsvSource({
    "400, INTERNAL, INVALID_ARGUMENT, false",
    "404, UNIMPLEMENTED, NOT_FOUND, false",
    "408, UNKNOWN, DEADLINE_EXCEEDED, true",
    "500, UNKNOWN, INTERNAL, true",
    "429, UNAVAILABLE, RESOURCE_EXHAUSTED, true",
    "502, UNAVAILABLE, INTERNAL, true",
    "511, UNKNOWN, INTERNAL, true",
    "200, UNKNOWN, UNAVAILABLE, true",
    "204, UNKNOWN, UNAVAILABLE, true"
  })
  void read_responseThatIsNotGrpc_hasTheCodeOfItsHttpStatus(
      int http, Status.Code byGrpc, Code code, boolean retryable) {
    String description = "HTTP status code " + http + "\ninvalid content-type: text/html";
    ServiceFailure failure =
        FailureReader.read(grpc(byGrpc.toStatus().withDescription(description), null));

    assertThat(failure.status()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.response().httpStatus()).hasValue(http);
  }

  @Test
  void read_metadataServersPage_isCut() {
    String page = "Unexpected Error code 403 trying to get it: " + "<p>Blocked</p>".repeat(4_000);

    assertThat(FailureReader.read(new SourceFailureException(new IOException(page))).message())
        .startsWith("Unexpected Error code 403 trying to get it: <p>Blocked</p>")
        .hasSize(200);
  }

  @Test
  void read_messageOfSeveralLines_isOneLine() {
    assertThat(FailureReader.read(new IOException("Refused\nINFO all is well\u202e")).message())
        .isEqualTo("Refused INFO all is well ");
  }

  static Stream<Arguments> proxyResponses() {
    return Stream.of(
            "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 %s\"",
            "http, none, /127.0.0.1:3128 => iam.googleapis.com:443, status: %s")
        .flatMap(
            message ->
                Stream.of(
                    Arguments.of(
                        message.formatted("407 Proxy Authentication Required"), 407, false),
                    Arguments.of(message.formatted("403 Forbidden"), 403, false),
                    Arguments.of(message.formatted("503 Nowhere"), 503, true),
                    Arguments.of(message.formatted("429 Slowly"), 429, true)));
  }

  @ParameterizedTest
  @MethodSource("proxyResponses")
  void read_proxyThatRefusesTheConnection_hasItsStatusWithEachClient(
      String message, int httpStatus, boolean retryable) {
    IOException fault = new ConnectException(message);
    Throwable bySource = new SourceFailureException(new AuthFault(true, fault));
    Throwable byGrpc = grpc(Status.UNAVAILABLE.withCause(fault), null);

    for (Throwable failure : List.of(httpJson(fault, 400), bySource, byGrpc)) {
      ServiceFailure read = FailureReader.read(failure);
      assertThat(read.status()).isEqualTo(retryable ? Code.UNAVAILABLE : Code.UNKNOWN);
      assertThat(read.retryable()).isEqualTo(retryable);
      assertThat(read.message()).isEqualTo("ConnectException: " + message);
      assertThat(read.response().httpStatus()).hasValue(httpStatus);
    }
  }

  @Test
  void read_responseThatIsNotJson_isRetryable() {
    ApiException failure =
        httpJson(new InvalidProtocolBufferException("Expect a JSON object"), 200);

    assertThat(FailureReader.read(failure))
        .isEqualTo(failure(Code.UNAVAILABLE, null, Map.of(), "The response is not JSON", true));
  }

  @Test
  void read_grpcDefectOfTheServer_staysUnknown() {
    Status defect = Status.UNKNOWN.withCause(new IllegalStateException("Defect"));

    assertThat(FailureReader.read(grpc(defect, null)).status()).isEqualTo(Code.UNKNOWN);
  }

  @Test
  void read_httpEnvelopeInsideGax_isReadFromTheBody() {
    HttpResponseException response = response(403, "Forbidden", DENIED);

    assertThat(FailureReader.read(httpJson(response, 403)))
        .isEqualTo(
            responded(
                403,
                Code.PERMISSION_DENIED,
                "IAM_PERMISSION_DENIED",
                Map.of("permission", "p"),
                "No.",
                false));
  }

  @Test
  void read_oauthError_isReadFromTheBody() {
    String body =
        """
        {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}\
        """;

    assertThat(FailureReader.read(new IOException("Token", response(400, "Bad Request", body))))
        .isEqualTo(
            responded(
                400,
                Code.INVALID_ARGUMENT,
                "invalid_grant",
                Map.of(),
                "invalid_grant: Invalid JWT Signature.",
                false));
  }

  @Test
  void read_htmlPage_hasTheStatusLineAndTheBeginningAsMessage() {
    assertThat(FailureReader.read(response(502, "Bad Gateway", "<html>\n  proxy</html>")))
        .isEqualTo(
            responded(
                502,
                Code.INTERNAL,
                null,
                Map.of(),
                "HTTP 502 Bad Gateway: <html> proxy</html>",
                true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"access_token\": \"opaque\"}", " [\"opaque\"]", "{\"opaque"})
  void read_jsonWithoutError_isNotShown(String body) {
    assertThat(FailureReader.read(response(502, "Bad Gateway", body)).message())
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
  void read_faultOfTheServer_isRetryableWithAnyStatusInTheEnvelope(
      int http, String status, boolean retryable) {
    String body = "{\"error\": {\"status\": \"%s\", \"message\": \"No.\"}}".formatted(status);
    ServiceFailure failure = FailureReader.read(response(http, "Reason", body));

    assertThat(failure.status()).isEqualTo(Code.valueOf(status));
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @ParameterizedTest
  @CsvSource({"500, INTERNAL, true", "429, RESOURCE_EXHAUSTED, true", "404, NOT_FOUND, false"})
  void read_statusInMessageOfGoogleAuth_isMapped(int http, Code status, boolean retryable) {
    ServiceFailure failure =
        FailureReader.read(
            new SourceFailureException(
                new IOException("Unexpected Error code %d trying to get it: x".formatted(http))));

    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.response().httpStatus()).hasValue(http);
  }

  @Test
  void read_statusInMessageOfOthers_isIgnored() {
    assertThat(FailureReader.read(new IOException("Error code 500 trying to")).retryable())
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
  void read_brokenConnectionInAPlainException_isUnavailable(String message) {
    assertThat(FailureReader.read(new IOException(message)).retryable()).isTrue();
  }

  @Test
  void read_sourceTimeout_isDeadlineExceededAndRetryable() {
    ServiceFailure failure =
        FailureReader.read(new SourceFailureException(new TimeoutException("No token in time")));

    assertThat(failure.status()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.message()).isEqualTo("No token in time");
  }

  @Test
  void read_interruption_isCancelledAndNotRetryable() {
    ServiceFailure failure = FailureReader.read(new CancellationException("Interrupted"));

    assertThat(failure.status()).isEqualTo(Code.CANCELLED);
    assertThat(failure.retryable()).isFalse();
  }

  private static ServiceFailure failure(
      Code status,
      @Nullable String reason,
      Map<String, String> metadata,
      String message,
      boolean retryable) {
    return failure(status, reason, metadata, message, retryable, false, OptionalInt.empty());
  }

  private static ServiceFailure responded(
      int httpStatus,
      Code status,
      @Nullable String reason,
      Map<String, String> metadata,
      String message,
      boolean retryable) {
    OptionalInt http = OptionalInt.of(httpStatus);
    return failure(status, reason, metadata, message, retryable, false, http);
  }

  private static ServiceFailure failure(
      Code status,
      @Nullable String reason,
      Map<String, String> metadata,
      String message,
      boolean retryable,
      boolean bySource,
      OptionalInt http) {
    return new ServiceFailure(
        status,
        reason,
        metadata,
        message,
        retryable,
        null,
        null,
        bySource,
        new ServiceFailure.Response(http, null, Duration.ZERO, null, null),
        ServiceFailure.Attempts.NONE);
  }

  @Test
  void read_messageNotForUsers_hasItsType() {
    assertThat(FailureReader.read(new NoClassDefFoundError("com/google/protobuf/X")).message())
        .isEqualTo("java.lang.NoClassDefFoundError: com/google/protobuf/X");
    assertThat(FailureReader.read(new RejectedExecutionException("full")).message())
        .isEqualTo("java.util.concurrent.RejectedExecutionException: full");
  }

  @Test
  void read_noBodyAndNoReasonPhrase_hasTheHttpStatusAsMessage() {
    assertThat(FailureReader.read(response(404, null, null)).message()).isEqualTo("HTTP 404");
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
  void read_httpStatusAlone_isMapped(int http, Code status, boolean retryable) {
    ServiceFailure failure = FailureReader.read(response(http, "Reason", null));

    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void read_statusInTheEnvelope_overridesTheHttpStatus() {
    String body = "{\"error\": {\"status\": \"ALREADY_EXISTS\", \"message\": \"There.\"}}";

    assertThat(FailureReader.read(response(409, "Conflict", body)).status())
        .isEqualTo(Code.ALREADY_EXISTS);
  }

  @Test
  void read_unknownStatusInTheEnvelope_fallsBackToTheHttpStatus() {
    String body = "{\"error\": {\"status\": \"NEWLY_INVENTED\", \"message\": \"No.\"}}";

    assertThat(FailureReader.read(response(404, "Not Found", body)).status())
        .isEqualTo(Code.NOT_FOUND);
  }

  @ParameterizedTest
  @MethodSource("connectionFaults")
  void read_connectionFaultAsGaxReportsIt_isUnavailable(IOException fault) {
    assertThat(FailureReader.read(httpJson(fault, 400)))
        .isEqualTo(failure(Code.UNAVAILABLE, null, Map.of(), describe(fault), true));
  }

  private static String describe(IOException fault) {
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
  void read_untrustedCertificateAsGaxReportsIt_isUnknownAndNotRetryable() {
    SSLHandshakeException fault = new SSLHandshakeException("PKIX path building failed");

    assertThat(FailureReader.read(httpJson(fault, 400)))
        .isEqualTo(
            failure(
                Code.UNKNOWN,
                null,
                Map.of(),
                "SSLHandshakeException: PKIX path building failed",
                false));
  }

  @Test
  void read_brokenHandshake_isUnavailable() {
    SSLHandshakeException fault = new SSLHandshakeException("Remote host terminated");
    fault.initCause(new EOFException("SSL peer shut down"));

    assertThat(FailureReader.read(httpJson(fault, 400)).retryable()).isTrue();
  }

  @Test
  void read_retryableOfGoogleAuth_isUnavailable() {
    assertThat(FailureReader.read(new IOException(new AuthFault(true))).retryable()).isTrue();
  }

  @Test
  void read_permanentFaultOfGoogleAuth_isNotRetryable() {
    assertThat(FailureReader.read(new IOException(new AuthFault(false))).retryable()).isFalse();
  }

  @Test
  void read_apiExceptionWithoutBody_hasItsStatus() {
    ApiException failure =
        ApiExceptionFactory.createException(
            "Gone", null, HttpJsonStatusCode.of(Code.NOT_FOUND), false);

    assertThat(FailureReader.read(failure))
        .isEqualTo(failure(Code.NOT_FOUND, null, Map.of(), "Gone", false));
  }

  @Test
  void read_sourceFailure_isUnauthenticatedWithItsMessage() {
    ServiceFailure failure =
        FailureReader.read(new SourceFailureException(new IOException("No token")));

    assertThat(failure.bySource()).isTrue();
    assertThat(failure)
        .isEqualTo(
            failure(
                Code.UNAUTHENTICATED,
                null,
                Map.of(),
                "No token",
                false,
                true,
                OptionalInt.empty()));
  }

  @Test
  void read_sourceFailureWithoutMessage_namesItsType() {
    assertThat(FailureReader.read(new SourceFailureException(new IOException())).message())
        .isEqualTo("java.io.IOException");
  }

  @Test
  void read_anythingElse_isUnknown() {
    assertThat(FailureReader.read(new IllegalArgumentException("Bad")))
        .isEqualTo(
            failure(
                Code.UNKNOWN, null, Map.of(), "java.lang.IllegalArgumentException: Bad", false));
  }

  @Test
  void read_messageWithASecret_isRedacted() {
    assertThat(FailureReader.read(new IOException("Bad token ya29.hidden")).toString())
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
  void read_permissionDeniedByQuota_isResourceExhausted() {
    String body =
        """
        {"error": {"code": 403, "message": "Rate Limit Exceeded",
          "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}}\
        """;
    ServiceFailure failure = FailureReader.read(response(403, "Forbidden", body));
    assertThat(failure.status()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(failure.reason()).isEqualTo("rateLimitExceeded");
  }

  @Test
  void read_permissionInTheLegacyEnvelope_isPermissionDenied() {
    String body =
        """
        {"error": {"code": 403, "message": "Required permission",
          "errors": [{"domain": "global", "reason": "forbidden"}]}}\
        """;
    assertThat(FailureReader.read(response(403, "Forbidden", body)).status())
        .isEqualTo(Code.PERMISSION_DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "Error code invalid_grant: Bad subject - http://x, invalid_grant, UNAUTHENTICATED, false",
    "Error code server_error, server_error, UNAVAILABLE, true",
    "Error code quota_exceeded, quota_exceeded, UNAVAILABLE, true",
    "Error code rate_limit_exceeded, rate_limit_exceeded, UNAVAILABLE, true",
  })
  void read_oauthErrorOfTheTokenService_hasItsReason(
      String message, String reason, Code status, boolean retryable) {
    ServiceFailure failure =
        FailureReader.read(new SourceFailureException(new IOException(message)));
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void read_proxyThatRequiresAPassword_isUnknown() {
    assertThat(FailureReader.read(response(407, "Proxy Authentication Required", null)).status())
        .isEqualTo(Code.UNKNOWN);
  }

  @Test
  void read_untrustedCertificateOfTheSource_isNotRetryable() {
    SSLHandshakeException fault = new SSLHandshakeException("PKIX path building failed");
    fault.initCause(new CertificateException("not trusted"));
    IOException bySource = new SourceFailureException(fault);
    assertThat(FailureReader.read(bySource).retryable()).isFalse();
  }
}
