package io.github.shortlived.internal.issue;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
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
import io.github.shortlived.internal.client.RequiredGrants;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Issues the source's own credentials through google-auth. A service-account key signs locally,
 * without network; any other source that belongs to a service account signs through the IAM
 * Credentials API, as that account, and one that impersonates, or is of another universe, has its
 * ID tokens from there too.
 */
public final class SourceIssuer implements Issuer {
  public static final String IDENTIFY_CALLER = "Identifying the caller";
  private static final BaseEncoding BASE64_URL = BaseEncoding.base64Url().omitPadding();

  private final SourceCredentials source;
  private final Retrier retrier;
  private final InstantSource clock;
  // Signs where the source has no key.
  private final Issuer remote;

  public SourceIssuer(
      SourceCredentials source,
      Retrier retrier,
      InstantSource clock,
      Function<SourceCredentials, Issuer> remotes) {
    this.source = source;
    this.retrier = retrier;
    this.clock = clock;
    this.remote = remotes.apply(signer(source));
  }

  private SourceIssuer(
      SourceCredentials source, Retrier retrier, InstantSource clock, Issuer remote) {
    this.source = source;
    this.retrier = retrier;
    this.clock = clock;
    this.remote = remote;
  }

  @Override
  public SourceIssuer observedBy(Retrier.Observer observer) {
    return new SourceIssuer(
        source, retrier.observedBy(observer), clock, remote.observedBy(observer));
  }

  @Override
  public SourceIssuer within(Deadline deadline) {
    return new SourceIssuer(source, retrier.within(deadline), clock, remote.within(deadline));
  }

  @Override
  public AccessToken accessToken(AccessTokenRequest request) {
    com.google.auth.oauth2.AccessToken token =
        call("An access token of the source's own", () -> ownToken(request.scopes()));
    return new AccessToken(token.getTokenValue(), expiry(token.getExpirationTime()));
  }

  private com.google.auth.oauth2.AccessToken ownToken(Set<String> scopes) throws IOException {
    GoogleCredentials scoped = source.credentials().createScoped(scopes);
    if (isOfAnotherUniverse(scoped)) {
      return selfSigned(scoped);
    }
    if (scoped.getClass() == GoogleCredentials.class) {
      scoped.refreshIfExpired(); // Made of a token alone, which nothing renews.
    } else {
      scoped.refresh(); // Another token is wanted than the one that google-auth keeps.
    }
    com.google.auth.oauth2.AccessToken token = scoped.getAccessToken();
    if (token == null) {
      throw new IOException("The source credentials have no access token.");
    }
    return token;
  }

  private static boolean isOfAnotherUniverse(GoogleCredentials credentials) {
    try {
      return credentials instanceof ServiceAccountCredentials key
          && !Credentials.GOOGLE_DEFAULT_UNIVERSE.equals(key.getUniverseDomain());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A key asks nobody.
    }
  }

  /** Other universes take a JWT that the key signs; their token endpoint knows no such keys. */
  private static com.google.auth.oauth2.AccessToken selfSigned(GoogleCredentials key)
      throws IOException {
    List<String> header = Objects.requireNonNull(key.getRequestMetadata().get("Authorization"));
    String jwt = header.get(0).replaceFirst("^Bearer ", "");
    Date expirationTime = com.google.auth.oauth2.IdToken.create(jwt).getExpirationTime();
    return new com.google.auth.oauth2.AccessToken(jwt, expirationTime);
  }

  @Override
  public IdToken idToken(IdTokenRequest request) {
    GoogleCredentials credentials = source.credentials();
    if (credentials instanceof ImpersonatedCredentials || isOfAnotherUniverse(credentials)) {
      // google-auth would ask the same of IAM, and keep nothing of a refusal but its words.
      return remotely("issue an ID token", (iam, own) -> iam.idToken(request.withTarget(own)));
    } else if (credentials instanceof UserCredentials) {
      throw cannot("issue an ID token for an audience (a user's ID token ignores it)");
    } else if (!(credentials instanceof IdTokenProvider)) {
      throw cannot("issue an ID token");
    }
    List<IdTokenProvider.Option> options =
        request.includeEmail()
            ? List.of(IdTokenProvider.Option.INCLUDE_EMAIL, IdTokenProvider.Option.FORMAT_FULL)
            : List.of();
    IdTokenProvider provider = (IdTokenProvider) credentials;
    return call(
        "An ID token of the source's own",
        () -> idTokenOf(provider.idTokenWithAudience(request.audience(), options).getTokenValue()));
  }

  @Override
  public SignedJwt signJwt(SignJwtRequest request) {
    if (!(source.credentials() instanceof ServiceAccountCredentials key)) {
      return remotely(
          "sign a JWT", (iam, own) -> iam.signJwt(new SignJwtRequest(own, request.claims())));
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
  public SignedBlob signBlob(SignBlobRequest request) {
    if (!(source.credentials() instanceof ServiceAccountCredentials key)) {
      return remotely(
          "sign bytes", (iam, own) -> iam.signBlob(SignBlobRequest.of(own, request.payload())));
    }
    return new SignedBlob(signature(key, request.payload()), keyId(key));
  }

  private static byte[] signature(ServiceAccountCredentials key, byte[] bytes) {
    try {
      return key.sign(bytes);
    } catch (ServiceAccountSigner.SigningException e) {
      throw InternalExceptions.sourceUnusable(
          "The source's private key cannot sign: it is not an RSA key. Create another one.", e);
    }
  }

  /** The value of a token that Google signed, with its claim {@code exp}. */
  static IdToken idTokenOf(String token) throws MalformedResponseException {
    try {
      Long expiry =
          JsonWebSignature.parse(GsonFactory.getDefaultInstance(), token)
              .getPayload()
              .getExpirationTimeSeconds();
      if (expiry != null) {
        return new IdToken(token, Instant.ofEpochSecond(expiry));
      }
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      // Its message may quote the token.
    }
    throw MalformedResponseException.incomplete();
  }

  private static Instant expiry(@Nullable Date expirationTime) {
    if (expirationTime == null) {
      throw InternalExceptions.sourceUnusable(
          "The source's token does not tell when it expires."
              + " Make the source with an AccessToken that has one.",
          null);
    }
    return expirationTime.toInstant();
  }

  /** Impersonated credentials sign as the one who impersonates, whom the grant is for. */
  private static SourceCredentials signer(SourceCredentials source) {
    return source.credentials() instanceof ImpersonatedCredentials impersonated
        ? SourceCredentials.of(impersonated.getSourceCredentials(), Scopes.CLOUD_PLATFORM)
        : source;
  }

  /** Has IAM do it for the source's own account; which that is may have to be asked first. */
  private <C> C remotely(String what, BiFunction<Issuer, Target, C> question) {
    Deadline deadline = retrier.deadline();
    Target own = ownAccount(what);
    return question.apply(remote.within(deadline), own);
  }

  private Target ownAccount(String what) {
    if (source.credentials() instanceof ImpersonatedCredentials impersonated) {
      return RequiredGrants.impersonatedTarget(impersonated);
    }
    return account(source, retrier).orElseThrow(() -> cannot(what));
  }

  /** The service account that the source is, if it is one; blocks where that has to be asked. */
  public static Optional<ServiceAccount> account(SourceCredentials source, Retrier retrier) {
    try {
      return source.account(retrier).map(ServiceAccount::of);
    } catch (FailedCallException e) {
      throw ClientContext.translate(e, IDENTIFY_CALLER, List::of);
    }
  }

  private static String keyId(ServiceAccountCredentials key) {
    return Optional.ofNullable(key.getPrivateKeyId())
        .orElseThrow(
            () ->
                InternalExceptions.sourceUnusable(
                    "The source's private key has no id, without which nobody finds the public key."
                        + " Set private_key_id.",
                    null));
  }

  private CredentialException cannot(String what) {
    return InternalExceptions.sourceUnusable(
        "Source credentials of type %s cannot %s. Name a service account as target: it is impersonated, for which the caller needs %s on it."
            .formatted(
                source.credentials().getClass().getSimpleName(), what, IamRoles.TOKEN_CREATOR),
        null);
  }

  private <T> T call(String what, DaemonCalls.IoCallable<T> question) {
    try {
      return retrier.call(deadline -> source.call(question, deadline));
    } catch (Exception e) {
      throw ClientContext.translate(e, what, List::of);
    }
  }

  private static String base64Url(String text) {
    return BASE64_URL.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}
