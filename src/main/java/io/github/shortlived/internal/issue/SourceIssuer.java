package io.github.shortlived.internal.issue;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.util.Data;
import com.google.auth.Credentials;
import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.io.BaseEncoding;
import com.google.gson.JsonObject;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.DaemonCalls;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.ResponseFields;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.JwtPayload;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalClaims;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Issues the source's own credentials through google-auth. A service-account key signs locally,
 * without network. Any other source of a service account signs through the IAM Credentials API, as
 * that account. Sources that impersonate an account, such as federated ones, or that belong to
 * another universe, also get their ID tokens there.
 */
final class SourceIssuer implements Issuer {
  static final String IDENTIFY_CALLER = "Identifying the caller";
  private static final BaseEncoding BASE64_URL = BaseEncoding.base64Url().omitPadding();

  private final SourceCredentials source;
  private final Issuer remote;
  private final InstantSource clock;

  /**
   * Creates an issuer.
   *
   * @param remote signs for sources without a key, with the credentials of {@link #signer}; to it,
   *     {@link Target#self()} is the account that the source impersonates
   */
  SourceIssuer(SourceCredentials source, Issuer remote, InstantSource clock) {
    this.source = source;
    this.remote = remote;
    this.clock = clock;
  }

  /** Returns who calls IAM for the source: if it impersonates an account, the impersonator. */
  static SourceCredentials signer(SourceCredentials source) {
    return source.credentials() instanceof ImpersonatedCredentials impersonated
        ? SourceCredentials.of(impersonated.getSourceCredentials(), Scopes.CLOUD_PLATFORM)
            .charging(impersonated.getQuotaProjectId())
        : source;
  }

  @Override
  public AccessToken accessToken(AccessTokenRequest request, Retrier retrier) {
    com.google.auth.oauth2.AccessToken token =
        call(
            retrier,
            "Issuing an access token of the source credentials",
            () -> ownToken(request.scopes()));
    return new AccessToken(token.getTokenValue(), expiry(token.getExpirationTime()));
  }

  private com.google.auth.oauth2.AccessToken ownToken(Set<String> scopes) throws IOException {
    GoogleCredentials scoped = source.credentials().createScoped(scopes);
    if (isOfAnotherUniverse(scoped)) {
      return selfSigned(scoped);
    }
    if (scoped.getClass() == GoogleCredentials.class) {
      scoped.refreshIfExpired(); // It consists of a token, which cannot be renewed.
    } else {
      scoped.refresh(); // Replaces the token that google-auth caches.
    }
    com.google.auth.oauth2.AccessToken token = scoped.getAccessToken();
    if (token == null) {
      throw new IOException("The source credentials have no access token.");
    }
    String unused = ResponseFields.sourceToken(token.getTokenValue());
    Date expiry = token.getExpirationTime();
    if (expiry != null) {
      Instant unusedTime = ResponseFields.time(expiry.toInstant().getEpochSecond(), 0);
    }
    return token;
  }

  private static boolean isOfAnotherUniverse(GoogleCredentials credentials) {
    try {
      return credentials instanceof ServiceAccountCredentials key
          && !Credentials.GOOGLE_DEFAULT_UNIVERSE.equals(key.getUniverseDomain());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Not reached: a key makes no call.
    }
  }

  /** Other universes accept a JWT that the key signs, and have no token endpoint for keys. */
  private static com.google.auth.oauth2.AccessToken selfSigned(GoogleCredentials key)
      throws IOException {
    List<String> header = Objects.requireNonNull(key.getRequestMetadata().get("Authorization"));
    String jwt = header.get(0).replaceFirst("^Bearer ", "");
    Date expirationTime = com.google.auth.oauth2.IdToken.create(jwt).getExpirationTime();
    return new com.google.auth.oauth2.AccessToken(jwt, expirationTime);
  }

  @Override
  public IdToken idToken(IdTokenRequest request, Retrier retrier) {
    GoogleCredentials credentials = source.credentials();
    if (credentials instanceof UserCredentials) {
      throw cannot(
          "issue an ID token for an audience (a user's ID token ignores it)",
          IamRoles.OPEN_ID_TOKEN_CREATOR);
    } else if (!(credentials instanceof IdTokenProvider)
        || credentials instanceof ImpersonatedCredentials
        || isOfAnotherUniverse(credentials)) {
      // For impersonated credentials, google-auth would make the same call, but keep only the
      // message of a refusal.
      return remotely(
          retrier,
          "issue an ID token",
          IamRoles.OPEN_ID_TOKEN_CREATOR,
          (own, within) -> remote.idToken(request.withTarget(own), within));
    }
    InternalExceptions.require(
        !request.organizationNumberIncluded(),
        "option",
        "organizationNumberIncluded",
        "only IAM adds the organization, not the service that issues the source's own ID tokens",
        "use the source's service account as target");
    List<IdTokenProvider.Option> options =
        request.includeEmail()
            ? List.of(IdTokenProvider.Option.INCLUDE_EMAIL, IdTokenProvider.Option.FORMAT_FULL)
            : List.of();
    IdTokenProvider provider = (IdTokenProvider) credentials;
    return call(
        retrier,
        "Issuing an ID token of the source credentials",
        () -> idTokenOf(provider.idTokenWithAudience(request.audience(), options).getTokenValue()));
  }

  @Override
  public SignedJwt signJwt(SignJwtRequest request, Retrier retrier) {
    if (!(source.credentials() instanceof ServiceAccountCredentials key)) {
      return remotely(
          retrier,
          "sign a JWT",
          IamRoles.TOKEN_CREATOR,
          (own, within) -> remote.signJwt(new SignJwtRequest(own, request.claims()), within));
    }
    JwtPayload payload = InternalClaims.payload(request.claims(), clock.instant());
    JsonObject header = new JsonObject();
    header.addProperty("alg", "RS256");
    header.addProperty("kid", keyId(key));
    header.addProperty("typ", "JWT");
    String signed = base64Url(header.toString()) + "." + base64Url(payload.json());
    String signature =
        BASE64_URL.encode(signature(key, signed.getBytes(StandardCharsets.US_ASCII)));
    return new SignedJwt(signed + "." + signature, keyId(key), payload.expiry());
  }

  @Override
  public SignedBlob signBlob(SignBlobRequest request, Retrier retrier) {
    if (!(source.credentials() instanceof ServiceAccountCredentials key)) {
      return remotely(
          retrier,
          "sign bytes",
          IamRoles.TOKEN_CREATOR,
          (own, within) -> remote.signBlob(SignBlobRequest.of(own, request.payload()), within));
    }
    return new SignedBlob(signature(key, request.payload()), keyId(key));
  }

  private static byte[] signature(ServiceAccountCredentials key, byte[] bytes) {
    try {
      return key.sign(bytes);
    } catch (ServiceAccountSigner.SigningException e) {
      throw InternalExceptions.sourceUnusable(
          "The private key of the source credentials cannot sign: it is not an RSA key. Create another key.",
          e);
    }
  }

  /** Returns an ID token that expires at its claim {@code exp}. */
  static IdToken idTokenOf(String token) throws MalformedResponseException {
    try {
      Long expiry =
          JsonWebSignature.parse(GsonFactory.getDefaultInstance(), token)
              .getPayload()
              .getExpirationTimeSeconds();
      if (expiry != null && !Data.isNull(expiry)) {
        return new IdToken(ResponseFields.token(token), ResponseFields.time(expiry, 0));
      }
    } catch (MalformedResponseException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      // The message is dropped, because it may quote the token.
    }
    throw MalformedResponseException.incomplete();
  }

  private static Instant expiry(@Nullable Date expirationTime) {
    if (expirationTime == null) {
      throw InternalExceptions.sourceUnusable(
          "The token of the source credentials has no expiry."
              + " Create them with an AccessToken that has one.",
          null);
    }
    return expirationTime.toInstant();
  }

  /** Calls IAM for the source's own account, which may first be read from the metadata server. */
  private <C> C remotely(
      Retrier retrier, String action, String role, BiFunction<Target, Retrier, C> call) {
    Deadline deadline = retrier.deadline();
    Target own =
        source.credentials() instanceof ImpersonatedCredentials
            ? Target.self()
            : account(source, retrier).orElseThrow(() -> cannot(action, role));
    return call.apply(own, retrier.within(deadline));
  }

  /** Returns the service account whose tokens this target gets, if it is one with a known name. */
  static Optional<ServiceAccount> account(
      Target target, SourceCredentials source, Retrier retrier) {
    List<ServiceAccount> accounts = target.accounts();
    return accounts.isEmpty()
        ? account(source, retrier)
        : Optional.of(accounts.get(accounts.size() - 1));
  }

  /** Returns the service account of the source, if it is one. Blocks on Compute Engine. */
  static Optional<ServiceAccount> account(SourceCredentials source, Retrier retrier) {
    try {
      return source.identity().account(retrier).map(ServiceAccount::of);
    } catch (FailedCallException e) {
      throw ClientContext.translate(e, IDENTIFY_CALLER, List::of);
    }
  }

  private static String keyId(ServiceAccountCredentials key) {
    return Optional.ofNullable(key.getPrivateKeyId())
        .orElseThrow(
            () ->
                InternalExceptions.sourceUnusable(
                    "The private key of the source credentials has no ID, so that signatures cannot"
                        + " be verified. Set private_key_id.",
                    null));
  }

  private CredentialException cannot(String action, String role) {
    return InternalExceptions.sourceUnusable(
        "Source credentials of type %s cannot %s. Use a service account as target, on which the caller has %s."
            .formatted(source.credentials().getClass().getSimpleName(), action, role),
        null);
  }

  private <T> T call(Retrier retrier, String action, DaemonCalls.IoCallable<T> call) {
    try {
      return retrier.call(deadline -> source.call(call, deadline));
    } catch (Exception e) {
      throw ClientContext.translate(e, action, List::of);
    }
  }

  private static String base64Url(String text) {
    return BASE64_URL.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}
