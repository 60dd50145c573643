package io.github.shortlived.verify;

import com.google.auth.http.HttpTransportFactory;
import io.github.shortlived.internal.client.Description;
import io.github.shortlived.internal.client.EmulatorHost;
import io.github.shortlived.internal.client.PublicDocuments;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verifies ID tokens of Google, tokens of Identity-Aware Proxy, and JWTs and blobs that service
 * accounts signed, with the keys that Google publishes. It needs no credentials, and the optional
 * library {@code com.nimbusds:nimbus-jose-jwt}.
 *
 * <p>Create one and share it; it is thread-safe. A call blocks only for keys that are not cached.
 * It throws {@link CredentialException.VerificationFailed} for a token or signature that is
 * refused, {@link CredentialException.Unavailable} if the keys cannot be fetched, and {@link
 * CredentialException.NotFound} if the signer does not exist. The page "Verification" has the
 * rules.
 */
public final class TokenVerification implements AutoCloseable {
  private static final Refusals ID_TOKEN = new Refusals("ID token");
  private static final Refusals IAP_TOKEN = new Refusals("IAP token");
  private static final Refusals SIGNED_JWT = new Refusals("JWT");
  private static final Refusals BLOB = new Refusals("signature of the blob");

  private final PublishedKeys keys;
  private final InstantSource clock;
  private final Duration skew;
  private final Endpoints endpoints;
  private volatile boolean closed;

  private TokenVerification(Builder builder) {
    this.clock = builder.clock;
    this.skew = builder.allowedClockSkew;
    this.endpoints = builder.endpoints();
    this.keys =
        new PublishedKeys(
            new PublicDocuments(builder.httpTransportFactory, builder.retrier()),
            endpoints,
            clock,
            builder.maximumStaleness,
            builder.maximumAccounts);
  }

  /** {@return a verifier for Google Cloud, with the defaults of the builder} */
  public static TokenVerification create() {
    return builder().build();
  }

  /** {@return a builder for Google Cloud} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return the claims of an ID token of any account, with this audience alone} Any Google account
   * can get a token with your audience: use {@link IdTokenExpectation#account}, or decide by the
   * subject.
   */
  public VerifiedIdToken verifyIdToken(String token, String audience) {
    Objects.requireNonNull(token, "token");
    return verifyIdToken(token, IdTokenExpectation.of(audience));
  }

  /**
   * {@return the claims of an ID token}
   *
   * @param token in compact form, as it follows {@code Bearer} in the header
   * @see <a href="https://cloud.google.com/docs/authentication/token-types#id">ID tokens</a>
   */
  public VerifiedIdToken verifyIdToken(String token, IdTokenExpectation expectation) {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(expectation, "expectation");
    CompactToken compact = parse(token, PublishedKeys.RS256, ID_TOKEN);
    VerifiedIdToken verified = new IdTokenClaims(checks(compact, ID_TOKEN)).verified(expectation);
    SignatureChecks.require(compact, keys.ofGoogle(), ID_TOKEN);
    return verified;
  }

  /**
   * {@return the claims of the token that Identity-Aware Proxy adds to a request}
   *
   * @param token the header {@code x-goog-iap-jwt-assertion}
   * @param audience {@code /projects/NUMBER/global/backendServices/ID} or {@code
   *     /projects/NUMBER/apps/PROJECT_ID}
   * @see <a href="https://cloud.google.com/iap/docs/signed-headers-howto">Securing your app with
   *     signed headers</a>
   */
  public VerifiedIdToken verifyIapToken(String token, String audience) {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(audience, "audience");
    IdTokenExpectation.requireAudience(audience);
    CompactToken compact = parse(token, PublishedKeys.ES256, IAP_TOKEN);
    VerifiedIdToken verified =
        new IdTokenClaims(checks(compact, IAP_TOKEN)).verifiedByIap(audience);
    SignatureChecks.require(compact, keys.ofIap(), IAP_TOKEN);
    return verified;
  }

  /** {@return the claims of a JWT by this signer, with it as issuer and this audience alone} */
  public VerifiedJwt verifyJwt(String token, ServiceAccount signer, String audience) {
    Objects.requireNonNull(token, "token");
    return verifyJwt(token, JwtExpectation.of(signer, audience));
  }

  /**
   * {@return the claims of a JWT}
   *
   * @param token in compact form; it must have the claim {@code exp}
   * @see <a
   *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt">
   *     signJwt</a>
   */
  public VerifiedJwt verifyJwt(String token, JwtExpectation expectation) {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(expectation, "expectation");
    CompactToken compact = parse(token, PublishedKeys.RS256, SIGNED_JWT);
    ClaimChecks claims = checks(compact, SIGNED_JWT);
    expectation.issuers().ifPresent(claims::issuer);
    expectation.audiences().ifPresent(claims::audience);
    Optional<String> subject = claims.text("sub");
    Instant expiry = claims.validity();
    claims.lifetime(expectation.maximumLifetime());
    SignatureChecks.require(compact, keys.of(expectation.signer()), SIGNED_JWT);
    return new VerifiedJwt(
        expectation.signer(), subject.orElse(null), expiry, ClaimMap.of(claims.claims()));
  }

  /**
   * Verifies that a service account signed these bytes (RSASSA-PKCS1-v1_5 with SHA-256).
   *
   * @param signed the signature and the ID of the key, as the signer got them from {@code signBlob}
   * @param signer best by its email address: Google does not document where it publishes keys by
   *     unique ID
   * @see <a
   *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob">
   *     signBlob</a>
   */
  public void verifyBlob(byte[] payload, SignedBlob signed, ServiceAccount signer) {
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(signed, "signed");
    Objects.requireNonNull(signer, "signer");
    requireOpen();
    SignatureChecks.require(payload, signed.signature(), signed.keyId(), keys.of(signer), BLOB);
  }

  private CompactToken parse(String token, String algorithm, Refusals refusals) {
    requireOpen(); // Fails even for a malformed token.
    return CompactToken.parse(token, algorithm, refusals);
  }

  private ClaimChecks checks(CompactToken token, Refusals refusals) {
    return new ClaimChecks(token.claims(), clock.instant(), skew, refusals);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This TokenVerification is closed");
    }
  }

  /** Drops the keys and shuts down the transport. Later calls throw IllegalStateException. */
  @Override
  public void close() {
    closed = true;
    keys.close();
  }

  /** {@return the allowed clock skew, endpoints other than Google's, and whether it is closed} */
  @Override
  public String toString() {
    return Description.of(getClass())
        .with("allowedClockSkew", Phrases.exact(skew))
        .endpoints(endpoints)
        .closed(closed)
        .toString();
  }

  /** Builds a {@link TokenVerification}. Not thread-safe. */
  public static final class Builder {
    private static final Duration INITIAL_DELAY = Duration.ofMillis(100);
    private static final Duration MAX_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final Duration MAX_STALENESS = Duration.ofDays(7);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    private @Nullable Endpoints endpoints;
    private Function<String, @Nullable String> environment = System::getenv;
    private @Nullable HttpTransportFactory httpTransportFactory;
    private InstantSource clock = InstantSource.system();
    private Duration allowedClockSkew = Duration.ofSeconds(30);
    private Duration timeout = Duration.ofSeconds(5);
    private Duration maximumStaleness = Duration.ofHours(6);
    private int maximumAccounts = 1_000;
    private boolean retries = true;

    private Builder() {}

    /**
     * Sets where keys are published, for example those of another universe. The default is Google
     * Cloud or, if the environment variable {@code SHORTLIVED_IAM_EMULATOR_HOST} is set, the
     * emulator at that {@code HOST:PORT} of this machine.
     */
    public Builder endpoints(Endpoints endpoints) {
      this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
      return this;
    }

    /**
     * Sets the factory of HTTP transports, for example with a proxy; {@link #build()} creates one,
     * which is shut down with the verifier. The default uses the JDK. Redirects are refused.
     */
    public Builder httpTransportFactory(HttpTransportFactory factory) {
      this.httpTransportFactory = Objects.requireNonNull(factory, "factory");
      return this;
    }

    /** Sets the clock for the times of tokens and the age of keys. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Sets by how much clocks may differ, zero to 5 minutes. The default is 30 seconds. */
    public Builder allowedClockSkew(Duration skew) {
      Objects.requireNonNull(skew, "skew");
      require("allowedClockSkew", skew, Duration.ZERO, MAX_SKEW);
      this.allowedClockSkew = skew;
      return this;
    }

    /** Sets how long a call waits for keys, with retries: up to 5 minutes. The default is 5 s. */
    public Builder timeout(Duration timeout) {
      Objects.requireNonNull(timeout, "timeout");
      require("timeout", timeout, Duration.ofMillis(1), MAX_TIMEOUT);
      this.timeout = timeout;
      return this;
    }

    /**
     * Sets how long keys are used after they became stale, while they cannot be fetched: zero to 7
     * days. The default is 6 hours. A key that is deleted meanwhile stays trusted for that long.
     */
    public Builder maximumStaleness(Duration staleness) {
      Objects.requireNonNull(staleness, "staleness");
      require("maximumStaleness", staleness, Duration.ZERO, MAX_STALENESS);
      this.maximumStaleness = staleness;
      return this;
    }

    /**
     * Sets the maximum number of service accounts whose keys are cached, at least 1. The default is
     * 1,000. Of more, the keys that were not used for the longest time are dropped.
     */
    public Builder maximumAccounts(int maximum) {
      InternalExceptions.require(
          maximum >= 1,
          "maximumAccounts",
          Integer.toString(maximum),
          "it must be at least 1",
          "choose the number of signers that are in use at a time");
      this.maximumAccounts = maximum;
      return this;
    }

    /** Sets what returns the values of environment variables; for tests. */
    Builder environment(Function<String, @Nullable String> environment) {
      this.environment = environment;
      return this;
    }

    /** An emulator publishes its keys over HTTP, so its gRPC endpoint is not needed. */
    private Endpoints endpoints() {
      return endpoints != null
          ? endpoints
          : EmulatorHost.in(environment)
              .map(emulator -> Endpoints.of(emulator.http(), emulator.http()))
              .orElseGet(Endpoints::google);
    }

    /** Makes a single attempt for each fetch; for tests. */
    Builder withoutRetries() {
      this.retries = false;
      return this;
    }

    private Retrier retrier() {
      return Retrier.of(INITIAL_DELAY, MAX_DELAY, timeout, retries, clock);
    }

    private static void require(String name, Duration value, Duration least, Duration most) {
      InternalExceptions.require(
          value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
          name,
          Phrases.exact(value),
          "it must be %s to %s".formatted(Phrases.exact(least), Phrases.exact(most)),
          "choose a value in this range");
    }

    /** {@return the endpoints other than Google's} */
    @Override
    public String toString() {
      Endpoints set = Objects.requireNonNullElseGet(endpoints, Endpoints::google);
      return "TokenVerification." + Description.of(getClass()).endpoints(set);
    }

    /**
     * Creates the verifier. Makes no call.
     *
     * @throws CredentialException.UnmetDependency if the library nimbus-jose-jwt is missing
     * @throws IllegalArgumentException if {@code SHORTLIVED_IAM_EMULATOR_HOST} has another value
     *     than the {@code HOST:PORT} of a loopback address
     */
    public TokenVerification build() {
      try {
        VerificationKey.requireLibrary();
        return new TokenVerification(this);
      } catch (RuntimeException | Error e) {
        InternalExceptions.throwIfUnmetDependency(e);
        throw e;
      }
    }
  }
}
