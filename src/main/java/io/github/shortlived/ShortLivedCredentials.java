package io.github.shortlived;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.OAuth2Credentials;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.internal.cache.CacheThreads;
import io.github.shortlived.internal.cache.CloseHooks;
import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Description;
import io.github.shortlived.internal.client.EmulatorEndpoints;
import io.github.shortlived.internal.client.EmulatorHost;
import io.github.shortlived.internal.client.RequiredGrants;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SharedTransport;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.client.UniverseDomain;
import io.github.shortlived.internal.http.BoundedTransport;
import io.github.shortlived.internal.http.DefaultTransport;
import io.github.shortlived.internal.issue.CredentialIssuer;
import io.github.shortlived.internal.source.ImpersonatedCredentialsFactory;
import io.github.shortlived.internal.source.SourceCredentialsLoader;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Issues short-lived Google Cloud credentials: OAuth 2.0 access tokens, OpenID Connect ID tokens,
 * signed JWTs and signed blobs; for the caller itself ({@link Target#self()}), for another {@link
 * ServiceAccount}, or along a {@link DelegationChain}.
 *
 * <p>The caller is the identity of the source credentials: Application Default Credentials, a
 * service-account key, or any {@link GoogleCredentials}. All requests share one source token.
 *
 * <p>Thread-safe: create one and share it. Methods that issue a credential block on the network,
 * for at most the total timeout of the {@link RetryPolicy}, or until the thread is interrupted.
 * They retry transient failures; if the call still fails, they throw a {@link CredentialException}.
 * All threads are daemons. After {@link #close()}, only {@link #invalidate} and methods that return
 * a setting or a count still work; all others throw {@link IllegalStateException}, as does {@code
 * using} of {@code Grants} and its like.
 *
 * @see <a href="https://cloud.google.com/iam/docs/create-short-lived-credentials-direct">Create
 *     short-lived credentials for a service account</a>
 */
public final class ShortLivedCredentials implements AutoCloseable {
  private static final int DEFAULT_MAXIMUM_CACHED_TOKENS = 10_000;

  private final ClientContext context;
  private final CredentialIssuer issuer;
  private final TokenCache tokens;
  private final CloseHooks closeHooks = new CloseHooks();
  private final Runnable releaseTransport;
  private final Optional<EmulatorHost> emulator;

  private ShortLivedCredentials(
      Builder builder,
      ClientContext context,
      Runnable releaseTransport,
      Optional<EmulatorHost> emulator) {
    this.context = context;
    this.emulator = emulator;
    this.releaseTransport = releaseTransport;
    this.issuer = new CredentialIssuer(context, builder.grpc);
    this.tokens =
        new TokenCache(
            builder.maximumCachedTokens,
            issuer,
            CacheThreads.daemons(builder.executor),
            context.clock());
  }

  /**
   * Creates credentials whose source is Application Default Credentials. Blocks to find them.
   *
   * @throws CredentialException.SourceCredentials if there are none
   * @see <a href="https://cloud.google.com/docs/authentication/application-default-credentials">
   *     Application Default Credentials</a>
   */
  public static ShortLivedCredentials create() {
    return builder().build();
  }

  /**
   * Creates credentials whose source is the service account of this key file.
   *
   * @throws CredentialException.SourceCredentials if it is not a readable service-account key
   */
  public static ShortLivedCredentials fromKeyFile(Path keyFile) {
    return builder().keyFile(keyFile).build();
  }

  /**
   * Creates credentials whose source is the service account of this key, the JSON of a key file.
   *
   * @throws CredentialException.SourceCredentials if it is not a service-account key
   */
  public static ShortLivedCredentials fromKeyJson(String keyJson) {
    return builder().keyJson(keyJson).build();
  }

  /** Creates credentials whose source is any {@code GoogleCredentials}. */
  public static ShortLivedCredentials from(GoogleCredentials source) {
    return builder().source(Objects.requireNonNull(source, "source")).build();
  }

  /** {@return a builder with Application Default Credentials, public endpoints and HTTP/JSON} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns an access token with a lifetime of 1 hour. It may be cached; see {@link #issue}.
   *
   * @param scopes OAuth 2.0 scopes, such as {@link Scopes#CLOUD_PLATFORM}. If the caller is a user,
   *     a token for {@link Target#self()} has the scopes of the login instead
   * @throws CredentialException if it cannot be issued
   */
  public AccessToken accessToken(Target target, String... scopes) {
    return issue(AccessTokenRequest.of(target, scopes));
  }

  /**
   * Returns an ID token without the email address, with a lifetime of 1 hour. It may be cached; see
   * {@link #issue}.
   *
   * @param audience the service that accepts the token, usually its URL
   * @throws CredentialException if it cannot be issued
   */
  public IdToken idToken(Target target, String audience) {
    return issue(IdTokenRequest.of(target, audience));
  }

  /**
   * Returns an access token of a Google Workspace user, by domain-wide delegation: an administrator
   * of the user's domain allows the target to act for its users with these scopes. It needs no key.
   * It may be cached; see {@link #issue}.
   *
   * @param user the user's email address
   * @throws CredentialException if it cannot be issued; {@link
   *     CredentialException.PermissionDenied} also if the domain does not delegate
   */
  public AccessToken accessTokenForUser(Target target, String user, String... scopes) {
    return issue(UserTokenRequest.of(target, user, scopes));
  }

  /**
   * Returns a JWT that a key of the target signs and one Google Cloud API accepts in place of an
   * access token, for 1 hour. A service-account key signs for {@link Target#self()} without
   * network. It may be cached; see {@link #issue}.
   *
   * @param audience the URL of the API with a slash, such as {@code https://pubsub.googleapis.com/}
   * @throws CredentialException if it cannot be signed
   */
  public AccessToken selfSignedJwt(Target target, String audience) {
    return issue(SelfSignedJwtRequest.forAudience(target, audience));
  }

  /**
   * Returns an access token that is limited to some Cloud Storage buckets, with a lifetime of 1
   * hour. It may be cached; see {@link #issue}.
   *
   * @param rules 1 to 10 rules of the credential access boundary
   * @throws CredentialException if it cannot be issued
   */
  public AccessToken downscopedToken(Target target, AccessBoundaryRule... rules) {
    return issue(DownscopedTokenRequest.of(target, rules));
  }

  /**
   * Signs a JSON Web Token with a key of the target. A service-account key signs for {@link
   * Target#self()} without network.
   *
   * @throws CredentialException if it cannot be signed
   */
  public SignedJwt signJwt(Target target, JwtClaims claims) {
    return issue(SignJwtRequest.of(target, claims));
  }

  /**
   * Signs bytes with a key of the target, as {@link #signJwt}.
   *
   * @param payload at most 4,000,000 bytes; sign a digest of a larger payload
   * @throws CredentialException if they cannot be signed
   */
  public SignedBlob signBlob(Target target, byte[] payload) {
    return issue(SignBlobRequest.of(target, payload));
  }

  /**
   * Issues the credential of this request. The tokens of a {@link TokenRequest} are cached: equal
   * requests get the same token while it is usable, as {@link TokenSource} describes. To get
   * another token, use {@link TokenRequest#fresh()} or {@link TokenRequest#minimumValidity}. Other
   * signatures are not cached.
   *
   * @throws CredentialException if it cannot be issued
   */
  @SuppressWarnings("unchecked") // The type parameter of a request is the type of its credential.
  public <C extends ShortLivedCredential> C issue(CredentialRequest<C> request) {
    Objects.requireNonNull(request, "request");
    if (request instanceof TokenRequest<?> tokenRequest) {
      return (C) token(tokenRequest);
    }
    issuer.validateAndReport(request);
    return issuer.issue(request);
  }

  private <T extends BearerToken> T token(TokenRequest<T> request) {
    T cached = tokens.getIfUsable(request);
    if (cached != null) {
      return cached;
    }
    issuer.validateAndReport(request);
    return tokens.load(request, null);
  }

  /**
   * Drops the cached token of this request, fresh or not, after a service rejected it with a 401.
   * If a {@link TokenRequest#fresh()} request is in flight, its token is not cached. If many
   * threads share the token, {@link TokenSource#invalidate} drops it once. Does not block.
   */
  public void invalidate(TokenRequest<?> request) {
    tokens.invalidate(Objects.requireNonNull(request, "request"));
  }

  /**
   * Returns a handle for a token that is cached and refreshed, for hot paths. Does not block; the
   * first {@link TokenSource#get()} does.
   *
   * @throws CredentialException.InvalidRequest if the caller is among the delegates of the request,
   *     or if the request is {@link TokenRequest#fresh()}
   */
  public <T extends BearerToken> TokenSource<T> tokenSource(TokenRequest<T> request) {
    issuer.validate(Objects.requireNonNull(request, "request"));
    return new TokenSource<>(tokens, request);
  }

  /** Returns a bulk issuer with the defaults: 64 concurrent requests, and 60,000 per minute. */
  public BulkIssuer bulkIssuer() {
    checkOpen();
    return BulkIssuer.of(this);
  }

  /**
   * Returns credentials for any Google client, with access tokens for this target that have a
   * lifetime of 1 hour. {@link #googleCredentials(TokenRequest)} describes them.
   *
   * @throws CredentialException.InvalidRequest if there is no scope or one is malformed
   */
  public GoogleCredentials googleCredentials(Target target, String... scopes) {
    return googleCredentials(AccessTokenRequest.of(target, scopes));
  }

  /**
   * Returns credentials for any Google client, with the access tokens of this request, which are
   * cached here. Those of a service account also sign and issue ID tokens, unless the tokens are
   * downscoped. Failures are {@link java.io.IOException}s with a {@link CredentialException} as
   * cause. Thread-safe. They work until this is closed, and cannot be serialized. The page
   * "Credentials for Google clients" describes each method.
   *
   * @throws CredentialException.InvalidRequest if the caller is among the delegates of the request,
   *     or if the request is {@link TokenRequest#fresh()}
   */
  public GoogleCredentials googleCredentials(TokenRequest<AccessToken> request) {
    Objects.requireNonNull(request, "request");
    CredentialsSpec spec = new CredentialsSpec(this, request);
    return spec.credentials(
        GoogleCredentials.newBuilder().setQuotaProjectId(spec.inheritedQuotaProject()));
  }

  /**
   * Returns credentials that send ID tokens without the email address, to call Cloud Run services
   * and functions.
   *
   * @param audience the URL of the receiving service
   * @throws CredentialException.InvalidRequest if the audience is blank
   * @see <a href="https://cloud.google.com/run/docs/authenticating/service-to-service">Cloud Run:
   *     Authenticating service-to-service</a>
   */
  public OAuth2Credentials idTokenCredentials(Target target, String audience) {
    return idTokenCredentials(IdTokenRequest.of(target, audience));
  }

  /**
   * Returns credentials that send the ID tokens of this request. For Identity-Aware Proxy, the
   * audience is its OAuth client ID, and the request needs {@link IdTokenRequest#withEmail()}.
   * Caching, threads and failures are as in {@link #googleCredentials(TokenRequest)}. gRPC sends
   * the tokens over encrypted connections only.
   *
   * @throws CredentialException.InvalidRequest if the caller is among the delegates of the request,
   *     or if the request is {@link TokenRequest#fresh()}
   * @see <a href="https://cloud.google.com/iap/docs/authentication-howto">Identity-Aware Proxy:
   *     Programmatic authentication</a>
   */
  public OAuth2Credentials idTokenCredentials(IdTokenRequest request) {
    return new IssuedIdTokenCredentials(
        this, Objects.requireNonNull(request, "request"), GoogleCredentials.newBuilder());
  }

  /**
   * Returns google-auth's own {@link ImpersonatedCredentials}, for code that requires that type,
   * with the source token, transport and endpoint of this object. Prefer {@link
   * #googleCredentials(TokenRequest)}: Google's type does not retry, does not explain refusals, has
   * a cache of its own, and works after this is closed. Never serialize it, because that writes the
   * token before it fails.
   *
   * @throws CredentialException.InvalidRequest if the target is {@link Target#self()}, which is not
   *     impersonated, or if the caller is among the delegates
   */
  public ImpersonatedCredentials impersonatedCredentials(AccessTokenRequest request) {
    issuer.validate(Objects.requireNonNull(request, "request"));
    return ImpersonatedCredentialsFactory.create(context, request);
  }

  /**
   * Returns the caller as a policy member; empty if the source credentials do not reveal it. Calls
   * the token endpoint if the source is a user, and the metadata server on Compute Engine.
   *
   * @throws CredentialException if that call fails
   */
  public Optional<Member> callerMember() {
    checkOpen();
    return issuer.callerMember();
  }

  /**
   * Returns the grants that the source credentials need to impersonate their account, in the order
   * of its delegates; empty if they impersonate none. Does not check whether the grants exist. May
   * block for 5 seconds to identify the caller.
   */
  public List<RequiredGrant> sourceGrants() {
    checkOpen();
    return RequiredGrants.ofAllSources(context.source().credentials());
  }

  /**
   * {@return the number of cache hits of {@link #issue} and the methods that call it} Token sources
   * and credentials for Google clients do not count, because counting costs more than the token.
   */
  public long cacheHitCount() {
    return tokens.hitCount();
  }

  /** {@return the clock for the times in JWT claims and the expiry of tokens and grants} */
  public InstantSource clock() {
    return context.clock();
  }

  /** {@return the endpoints of the services} */
  public Endpoints endpoints() {
    return context.endpoints();
  }

  /** Throws {@link IllegalStateException} after {@link #close()}. */
  void checkOpen() {
    if (tokens.isClosed()) {
      throw InternalExceptions.closed();
    }
  }

  ClientContext context() {
    return context;
  }

  CloseHooks closeHooks() {
    return closeHooks;
  }

  TokenCache tokens() {
    return tokens;
  }

  /** Returns the service account of this target, if it has a known name. May block. */
  Optional<ServiceAccount> account(Target target) {
    return issuer.account(target);
  }

  /**
   * Drops all tokens, stops threads, shuts down transports and closes their idle connections.
   * Without TLS, idle connections of the default transport end by themselves after some seconds.
   * Issued credentials stay valid.
   */
  @Override
  public void close() {
    tokens.close();
    closeHooks.close();
    issuer.close();
    releaseTransport.run();
  }

  /**
   * {@return the caller as far as it is known without a network call, endpoints other than
   * Google's, the variable that selected them, and whether these are closed}
   */
  @Override
  public String toString() {
    Description description = Description.of(getClass(), context);
    emulator.ifPresent(host -> description.with(EmulatorHost.VARIABLE, host));
    return description.closed(tokens.isClosed()).toString();
  }

  /** Builds {@link ShortLivedCredentials}. Not thread-safe. */
  public static final class Builder {
    private final SourceCredentialsLoader source = new SourceCredentialsLoader();
    private @Nullable Endpoints endpoints;
    private HttpTransportFactory httpTransportFactory = DefaultTransport.factory();
    private RetryPolicy retryPolicy = RetryPolicy.standard();
    private InstantSource clock = InstantSource.system();
    private @Nullable Executor executor;
    private int maximumCachedTokens = DEFAULT_MAXIMUM_CACHED_TOKENS;
    private @Nullable Consumer<? super CredentialEvent> listener;
    private boolean grpc;
    private Function<String, @Nullable String> environment = System::getenv;

    private Builder() {}

    /** Sets the source credentials. */
    public Builder source(GoogleCredentials credentials) {
      source.credentials(Objects.requireNonNull(credentials, "credentials"));
      return this;
    }

    /** Sets the file of a service-account key, which {@link #build()} reads. */
    public Builder keyFile(Path keyFile) {
      source.keyFile(Objects.requireNonNull(keyFile, "keyFile"));
      return this;
    }

    /** Sets a service-account key, which is the JSON of a key file. */
    public Builder keyJson(String keyJson) {
      source.keyJson(Objects.requireNonNull(keyJson, "keyJson"));
      return this;
    }

    /**
     * Sets an untrusted credential configuration, of any {@link
     * io.github.shortlived.config.CredentialConfigType}. {@link #build()} checks it against the
     * policy before it opens or calls anything that it names.
     */
    public Builder configuration(String json, CredentialConfigPolicy policy) {
      source.configuration(
          Objects.requireNonNull(json, "json"), Objects.requireNonNull(policy, "policy"));
      return this;
    }

    /** Sets an untrusted credential configuration in a file, which {@link #build()} reads. */
    public Builder configurationFile(Path file, CredentialConfigPolicy policy) {
      source.configurationFile(
          Objects.requireNonNull(file, "file"), Objects.requireNonNull(policy, "policy"));
      return this;
    }

    /** Calls the IAM Credentials API over gRPC instead of HTTP/JSON; it is faster under load. */
    public Builder grpc() {
      this.grpc = true;
      return this;
    }

    /**
     * Sets the endpoints. The default is the emulator that the environment variable {@code
     * SHORTLIVED_IAM_EMULATOR_HOST} names or, without it, the public endpoints of the source's
     * universe. With endpoints that are set here, the variable has no effect.
     */
    public Builder endpoints(Endpoints endpoints) {
      this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
      return this;
    }

    /**
     * Sets the factory of HTTP transports, for example with a proxy. The default uses the JDK. A
     * transport is shut down when these credentials are closed: return a new one from each {@code
     * create()}, or one whose {@code shutdown()} does nothing, such as {@link
     * com.google.api.client.http.javanet.NetHttpTransport}, which however discards the text of a
     * 401 and has five idle connections to a host. Redirects are refused. Credentials given to
     * {@link #source} keep their own transport; with an X.509 certificate as subject token,
     * google-auth uses its own; gRPC uses the JVM's settings.
     */
    public Builder httpTransportFactory(HttpTransportFactory factory) {
      this.httpTransportFactory = Objects.requireNonNull(factory, "factory");
      return this;
    }

    /** Sets what returns the values of environment variables; for tests. */
    Builder environment(Function<String, @Nullable String> environment) {
      this.environment = environment;
      return this;
    }

    /** Sets how calls are retried. The default is {@link RetryPolicy#standard()}. */
    public Builder retryPolicy(RetryPolicy retryPolicy) {
      this.retryPolicy = Objects.requireNonNull(retryPolicy, "retryPolicy");
      return this;
    }

    /**
     * Sets the listener for events. By default there is none, and nothing is logged. Many threads
     * call it at a time, so it must be thread-safe and must not block. Its exceptions are ignored.
     * {@code CredentialLog} and {@code CredentialMetrics} are such listeners.
     */
    public Builder listener(Consumer<? super CredentialEvent> listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /** Sets the clock for the times in JWT claims and the expiry of tokens and grants. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets the maximum number of cached tokens. The default is 10,000. If there are more, those
     * that were not used for the longest time are dropped.
     *
     * @throws CredentialException.InvalidRequest if it is less than 1
     */
    public Builder maximumCachedTokens(int maximum) {
      InternalExceptions.require(
          maximum >= 1,
          "maximumCachedTokens",
          Integer.toString(maximum),
          "it must be at least 1",
          "use fresh() requests for tokens that are not cached");
      this.maximumCachedTokens = maximum;
      return this;
    }

    /**
     * Sets the executor for token requests, whose tasks block. The default has up to 64 daemon
     * threads. It must run every task, on another thread than the one that submits it. close() does
     * not stop it.
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Loads the source credentials. Reads files; on Compute Engine, calls the metadata server. If
     * {@code SHORTLIVED_IAM_EMULATOR_HOST} names an emulator, calls that instead, and refuses
     * source credentials that are not the emulator's.
     *
     * @throws CredentialException.SourceCredentials if they are missing, malformed, or refused by
     *     their policy or for the emulator
     * @throws CredentialException.Unavailable if the emulator does not respond
     * @throws IllegalArgumentException if the variable has another value than the {@code HOST:PORT}
     *     of a loopback address
     */
    public ShortLivedCredentials build() {
      Optional<EmulatorHost> emulator =
          endpoints == null ? EmulatorHost.in(environment) : Optional.empty();
      HttpTransportFactory transports =
          emulator
              .map(host -> BoundedTransport.factoryTo(host.http(), httpTransportFactory))
              .orElseGet(() -> BoundedTransport.factory(httpTransportFactory));
      SharedTransport ofSource = new SharedTransport(transports);
      Runnable release = ofSource.hold();
      try {
        ClientContext context =
            emulator.isPresent()
                ? contextOf(emulator.get(), ofSource, transports)
                : context(ofSource, transports);
        return new ShortLivedCredentials(this, context, release, emulator);
      } catch (RuntimeException | Error e) {
        release.run();
        InternalExceptions.throwIfUnmetDependency(e);
        throw e;
      }
    }

    /** {@return where the source credentials come from; no secret} */
    @Override
    public String toString() {
      return "ShortLivedCredentials.Builder[source=%s]".formatted(source);
    }

    private ClientContext context(SharedTransport ofSource, HttpTransportFactory transports) {
      SourceCredentials caller = caller(source.load(ofSource, this::publish), ofSource);
      Retrier retrier = retryPolicy.retrier(clock);
      Endpoints known =
          endpoints == null
              ? UniverseDomain.endpoints(caller, retrier)
              : UniverseDomain.check(endpoints, caller);
      return new ClientContext(caller, retrier, known, transports, clock, listener);
    }

    /** Checks the source credentials before the emulator is called. */
    private ClientContext contextOf(
        EmulatorHost emulator, SharedTransport ofSource, HttpTransportFactory transports) {
      SourceCredentials caller =
          caller(source.load(emulator, environment, ofSource, this::publish), ofSource);
      Endpoints known = EmulatorEndpoints.of(emulator, transports, clock);
      publish(new CredentialEvent.EmulatorUsed(emulator.http()));
      return new ClientContext(
          caller, retryPolicy.retrier(clock), known, transports, clock, listener);
    }

    private static SourceCredentials caller(GoogleCredentials loaded, SharedTransport ofSource) {
      return SourceCredentials.of(loaded, Scopes.CLOUD_PLATFORM).loadedWith(ofSource);
    }

    private void publish(CredentialEvent event) {
      ClientContext.publish(() -> event, listener);
    }
  }
}
