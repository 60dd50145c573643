package io.github.shortlived.internal.issue;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.UrlEncodedContent;
import com.google.auth.http.HttpTransportFactory;
import com.google.common.base.Throwables;
import com.google.common.primitives.Ints;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.DaemonCalls;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.UserAgent;
import io.github.shortlived.internal.failure.AttemptException;
import io.github.shortlived.internal.failure.CallException;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.IncompleteResponseException;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.failure.ServiceMethod;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.SignedJwt;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Domain-wide delegation without a key: a JWT that IAM signs for the service account names the
 * user, and the OAuth 2.0 token endpoint exchanges it for an access token of theirs.
 *
 * @see <a
 *     href="https://developers.google.com/identity/protocols/oauth2/service-account#httprest">OAuth
 *     2.0 for service accounts</a>
 */
public final class DomainWideDelegation {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  // The longest that the token endpoint accepts.
  private static final Duration ASSERTION_LIFETIME = Duration.ofHours(1);

  private final Endpoints endpoints;
  private final HttpTransportFactory transports;
  private final Supplier<Retrier> retrier;
  private final InstantSource clock;

  /**
   * Sets where and how to exchange.
   *
   * @param retrier asked for after the signing, so that the time which that took can be left out
   */
  public DomainWideDelegation(
      Endpoints endpoints,
      HttpTransportFactory transports,
      Supplier<Retrier> retrier,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.transports = transports;
    this.retrier = retrier;
    this.clock = clock;
  }

  /** Asks for a user's token, with what the account's signature is worth. */
  public AccessToken accessToken(
      String account, String user, Set<String> scopes, Function<JwtClaims, SignedJwt> signer) {
    JwtClaims claims =
        JwtClaims.expiringIn(ASSERTION_LIFETIME)
            .issuer(account)
            .subject(user)
            .audience(GoogleHosts.TOKEN_AUDIENCE)
            .claim("scope", String.join(" ", scopes));
    String assertion = signer.apply(claims).token();
    String action =
        "An access token of %s by domain-wide delegation to %s".formatted(user, account);
    return exchanged(action, assertion);
  }

  private AccessToken exchanged(String action, String assertion) {
    try {
      return retrier.get().call(deadline -> token(post(assertion, deadline)));
    } catch (CallException e) {
      if (ServiceFailure.of(e).facts().httpStatus().equals(OptionalInt.of(401))) {
        // The JDK's HTTP client drops the body of a 401, and with it the code unauthorized_client.
        throw InternalExceptions.domainNotDelegated(e, action);
      }
      throw ClientContext.translate(e, action, List::of);
    }
  }

  /** The transport's timeouts are for each read: an answer that trickles in outlasts them. */
  private String post(String assertion, Deadline deadline) throws AttemptException {
    try {
      return DaemonCalls.await(DaemonCalls.submit(() -> answer(assertion, deadline)), deadline);
    } catch (TimeoutException unspecific) {
      throw failed(new TimeoutException("The token endpoint gave no answer in time"));
    } catch (CancellationException e) {
      throw failed(e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      Throwables.throwIfUnchecked(cause);
      throw failed((Exception) cause);
    }
  }

  private AttemptException failed(Exception cause) {
    return new AttemptException(new ServiceMethod(endpoints.oauth2().getHost(), "token"), cause);
  }

  private String answer(String assertion, Deadline deadline) throws IOException {
    HttpTransport transport = transports.create();
    try {
      return request(transport, assertion, deadline).execute().parseAsString();
    } finally {
      transport.shutdown();
    }
  }

  private HttpRequest request(HttpTransport transport, String assertion, Deadline deadline)
      throws IOException {
    int timeout = Ints.saturatedCast(deadline.remaining().toMillis());
    return transport
        .createRequestFactory()
        .buildPostRequest(
            new GenericUrl(endpoints.oauth2() + "/token"),
            new UrlEncodedContent(Map.of("grant_type", JWT_BEARER, "assertion", assertion)))
        .setHeaders(new HttpHeaders().setUserAgent(UserAgent.text()))
        .setLoggingEnabled(false) // The log would hold the assertion.
        .setFollowRedirects(false) // It is for this endpoint alone.
        .setConnectTimeout(timeout)
        .setReadTimeout(timeout);
  }

  private AccessToken token(String answer) throws AttemptException {
    try {
      if (JsonParser.parseString(answer) instanceof JsonObject json
          && json.get("access_token") instanceof JsonPrimitive token
          && json.get("expires_in") instanceof JsonPrimitive seconds) {
        Instant expiry = clock.instant().plusSeconds(seconds.getAsLong());
        return new AccessToken(token.getAsString(), expiry);
      }
    } catch (JsonParseException
        | NumberFormatException
        | ArithmeticException
        | DateTimeException e) {
      // Its message may quote the token; and no token lives for millions of years.
    }
    throw failed(new IncompleteResponseException());
  }
}
