package io.github.shortlived.internal.issue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Throwables;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.UserTokenRequest;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads any bytes as the response of a service or a proxy. Each becomes a {@code
 * CredentialException} with the status of the response, and without secrets that the response
 * contains.
 */
class ServiceErrorFuzzTest {
  private static final List<Integer> STATUSES =
      List.of(400, 401, 403, 404, 407, 408, 409, 429, 500, 502, 503, 504, 302, 200);
  private static final List<Status.Code> CODES = List.of(Status.Code.values());
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");

  @FuzzTest(maxDuration = "1m")
  void http_ofAnyBody_isACredentialExceptionWithoutSecrets(byte[] input) {
    if (input.length > 0) {
      int status = STATUSES.get(Math.floorMod(input[0] - 'a', STATUSES.size()));
      String body = FuzzedText.of(Arrays.copyOfRange(input, 1, input.length));
      judge(
          new HttpResponseException.Builder(status, "Reason", new HttpHeaders())
              .setContent(body)
              .setMessage(status + " Reason\n" + body)
              .build(),
          isJson(body) ? Optional.empty() : Optional.of(codeOf(status)));
    }
  }

  @FuzzTest(maxDuration = "1m")
  void grpc_ofAnyDescription_isACredentialExceptionWithoutSecrets(byte[] input) {
    if (input.length > 0) {
      Status.Code code = CODES.get(Math.floorMod(input[0] - 'a', CODES.size()));
      String description = FuzzedText.of(Arrays.copyOfRange(input, 1, input.length));
      judge(
          ApiExceptionFactory.createException(
              code.toStatus().withDescription(description).asRuntimeException(),
              GrpcStatusCode.of(code),
              false),
          description.startsWith("HTTP status code ")
              ? Optional.empty()
              : Optional.of(failing(GrpcStatusCode.of(code).getCode())));
    }
  }

  @FuzzTest(maxDuration = "1m")
  void source_ofAnyMessage_isACredentialExceptionWithoutSecrets(byte[] input) {
    judge(new IOException(FuzzedText.of(input)), Optional.empty());
  }

  /** Reads any bytes as a successful response of the token endpoint. */
  @FuzzTest(maxDuration = "1m")
  void delegatedToken_ofAnyResponse_isItsTokenOrACredentialException(byte[] input) {
    String response = FuzzedText.of(input);
    FakeHttp http = new FakeHttp().respond(200, response);
    DomainWideDelegation tokens =
        new DomainWideDelegation(
            new TokenEndpoint(
                Endpoints.google().oauth2(), "/token", http, () -> Instant.EPOCH, "late"));
    try {
      AccessToken token =
          tokens.accessToken(
              ACCOUNT,
              UserTokenRequest.of(ACCOUNT, "me@example.com", Scopes.CLOUD_PLATFORM),
              claims -> new SignedJwt("jwt", "key", Instant.EPOCH),
              ServiceErrorFuzzTest::withoutRetries);
      assertThat(token.toString()).doesNotContain(FuzzedText.HIDDEN);
      JsonObject json = JsonParser.parseString(response).getAsJsonObject();
      assertThat(token.token()).isEqualTo(json.get("access_token").getAsString());
      assertThat(token.expireTime())
          .isEqualTo(Instant.ofEpochSecond(json.get("expires_in").getAsLong()));
    } catch (CredentialException failure) {
      assertThat(Throwables.getStackTraceAsString(failure)).doesNotContain(FuzzedText.HIDDEN);
    }
  }

  /** Returns the code of the status, as gax maps it, for a body without a code. */
  private static Code codeOf(int httpStatus) {
    return switch (httpStatus) {
      case 407 -> Code.UNKNOWN;
      case 408 -> Code.DEADLINE_EXCEEDED;
      default -> failing(HttpJsonStatusCode.of(httpStatus).getCode());
    };
  }

  private static Code failing(Code code) {
    return code == Code.OK ? Code.UNKNOWN : code;
  }

  /** Returns whether a lenient reader may accept the text as JSON. */
  private static boolean isJson(String body) {
    try {
      JsonElement unused = JsonParser.parseString(body);
      return true;
    } catch (JsonParseException e) {
      return body.contains("{");
    }
  }

  private static void judge(Exception failure, Optional<Code> status) {
    RequiredGrant grant =
        new RequiredGrant(ACCOUNT, "roles/iam.serviceAccountTokenCreator", Optional.empty());
    CredentialException translated =
        InternalExceptions.translate(
            failure, "generateAccessToken for TARGET", () -> List.of(grant), source -> List.of());
    assertThat(translated.getMessage()).startsWith("generateAccessToken for TARGET ");
    assertThat(translated.status()).isPresent().isNotEqualTo(Optional.of(Code.OK));
    status.ifPresent(known -> assertThat(translated.status()).contains(known));
    for (CredentialException any : List.of(translated, InternalExceptions.copy(translated))) {
      assertThat(Throwables.getStackTraceAsString(any)).doesNotContain(FuzzedText.HIDDEN);
      assertThat(any.reason() + any.metadata().toString()).doesNotContain(FuzzedText.HIDDEN);
    }
  }

  private static Retrier withoutRetries() {
    Duration minute = Duration.ofMinutes(1);
    return Retrier.of(minute, minute, minute, false, () -> Instant.EPOCH);
  }
}
