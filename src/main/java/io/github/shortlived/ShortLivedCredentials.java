package io.github.shortlived;

import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.OAuth2Credentials;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.config.CredentialConfigType;
import io.github.shortlived.internal.cache.Recipe;
import io.github.shortlived.internal.cache.RefreshingToken;
import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.internal.cache.TokenHolders;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.EventPublisher;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.client.RequiredGrants;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.issue.DomainWideDelegation;
import io.github.shortlived.internal.issue.IamCredentialsIssuer;
import io.github.shortlived.internal.issue.Issuer;
import io.github.shortlived.internal.issue.SourceIssuer;
import io.github.shortlived.internal.source.ImpersonatedCredentialsFactory;
import io.github.shortlived.internal.source.SourceCredentialsLoader;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every short-lived Google Cloud credential in one call: OAuth 2.0 access tokens, OpenID Connect ID
 * tokens, signed JWTs and signed blobs; for the caller itself ({@link Target#self()}), for another
 * {@link ServiceAccount}, or along a {@link DelegationChain}.
 *
 * <p>The caller is whoever the source credentials belong to: Application Default Credentials, a
 * service-account key, or any {@link GoogleCredentials}. They are scoped once and shared by all
 * requests, so any number of targets costs one source token.
 *
 * <p>Thread-safe: make one and share it. Every method that issues a credential blocks while the
 * network is used, for no longer than the total timeout of the {@link RetryPolicy}, under which
 * calls that fail with a transient fault are repeated, those that fetch a source token included;
 * for a token that is kept, before it, until one of the threads that make those requests is free.
 * An interruption ends it sooner. All failures are {@link CredentialException}s. {@link #close()}
 * releases connections and threads; calls after it throw {@link IllegalStateException}. All threads
 * are daemons: a JVM ends without it too.
 *
 * @see <a href="https://cloud.google.com/iam/docs/create-short-lived-credentials-direct">Create
 *     short-lived credentials for a service account</a>
 */
public final class ShortLivedCredentials implements AutoCloseable {
  private static final int MOST_KEPT_TOKENS = 10_000;

  private final ClientContext context;
  private final SourceCredentials source;
  private final Retrier retrier;
  private final InstantSource clock;
  private final boolean grpc;
  private final TokenCache tokens;
  private final TokenHolders holders = new TokenHolders();
  private final EventPublisher events;
  private final Issuer self;
  private final Issuer remote;
  private final ReentrantLock connecting = new ReentrantLock();
  // Guarded by the lock; made by the first call that needs it, for a key signs without network.
  private @Nullable GoogleApiClient<IamCredentialsClient> client;
  private volatile boolean closed;

  private ShortLivedCredentials(Builder builder) {
    this.source =
        SourceCredentials.of(
            builder.source.load(builder.transports, builder.events), Scopes.CLOUD_PLATFORM);
    this.grpc = builder.grpc;
    this.clock = builder.clock;
    RetryPolicy policy = builder.retryPolicy;
    this.retrier =
        Retrier.of(
            policy.initialDelay(),
            policy.maxDelay(),
            policy.totalTimeout(),
            policy.retries(),
            clock);
    this.events = builder.events;
    this.context =
        new ClientContext(
            source,
            retrier,
            builder.endpoints == null ? endpointsOf(source, retrier) : builder.endpoints,
            builder.transports,
            clock,
            events);
    this.tokens = TokenCache.of(builder.maximumCachedTokens, clock, builder.executor);
    Function<SourceCredentials, Issuer> remotes =
        caller -> new IamCredentialsIssuer(this::client, caller, retrier, clock);
    this.remote = remotes.apply(source);
    this.self = new SourceIssuer(source, retrier, clock, remotes);
  }

  /**
   * Calls as the Application Default Credentials. Blocks while they are looked for.
   *
   * @throws CredentialException.SourceCredentials if there are none
   * @see <a href="https://cloud.google.com/docs/authentication/application-default-credentials">
   *     Application Default Credentials</a>
   */
  public static ShortLivedCredentials create() {
    return builder().build();
  }

  /**
   * Calls as the service account of this key file.
   *
   * @throws CredentialException.SourceCredentials if it is not a readable service-account key
   */
  public static ShortLivedCredentials fromKeyFile(Path keyFile) {
    return builder().keyFile(keyFile).build();
  }

  /**
   * Calls as the service account of this key, given as the JSON of a key file.
   *
   * @throws CredentialException.SourceCredentials if it is not a service-account key
   */
  public static ShortLivedCredentials fromKeyJson(String keyJson) {
    return builder().keyJson(keyJson).build();
  }

  /** Calls as these credentials, of any type that google-auth knows. */
  public static ShortLivedCredentials from(GoogleCredentials source) {
    return builder().source(source).build();
  }

  /** Starts with Application Default Credentials, public endpoints and HTTP/JSON. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Gives an access token that was issued for 1 hour: the kept one while that is usable, as {@link
   * #issue}.
   *
   * @param scopes OAuth 2.0 scopes, such as {@link Scopes#CLOUD_PLATFORM}. A user's own token has
   *     the scopes of the login, whatever is asked for here
   * @throws CredentialException if it cannot be issued
   */
  public AccessToken accessToken(Target target, String... scopes) {
    return issue(AccessTokenRequest.of(target, scopes));
  }

  /**
   * Gives an ID token, without the email address, that was issued for 1 hour: the kept one while
   * that is usable, as {@link #issue}.
   *
   * @param audience who shall accept it: usually the URL of the receiving service
   * @throws CredentialException if it cannot be issued
   */
  public IdToken idToken(Target target, String audience) {
    return issue(IdTokenRequest.of(target, audience));
  }

  /**
   * Signs a JSON Web Token with a key of the target; with a service-account key for {@link
   * Target#self()} this uses no network.
   *
   * @throws CredentialException if it cannot be signed
   */
  public SignedJwt signJwt(Target target, JwtClaims claims) {
    return issue(SignJwtRequest.of(target, claims));
  }

  /**
   * Signs bytes with a key of the target; with a service-account key for {@link Target#self()} this
   * uses no network.
   *
   * @throws CredentialException if they cannot be signed
   */
  public SignedBlob signBlob(Target target, byte[] payload) {
    return issue(SignBlobRequest.of(target, payload));
  }

  /**
   * Issues what the request says, with every option. Access and ID tokens are kept: whoever asks
   * for the same again is given the same one while it is usable, at the price of a clock reading,
   * as {@link TokenSource} describes. A request asks for another one by {@link
   * TokenRequest#fresh()}, or for one that lasts a while by {@link TokenRequest#minimumValidity}.
   * Signatures are never kept.
   *
   * @throws CredentialException if it cannot be issued
   */
  @SuppressWarnings("unchecked") // A request's type parameter is what comes of it.
  public <C extends ShortLivedCredential> C issue(CredentialRequest<C> request) {
    if (request instanceof TokenRequest<?> tokenRequest) {
      return (C) token(tokenRequest);
    }
    validateAndReport(request);
    return newReporter(request).reportIssue(observer -> issueNow(request, observer));
  }

  private <T extends BearerToken> T token(TokenRequest<T> request) {
    T served = tokens.getIfUsable(request);
    if (served != null) {
      return served;
    }
    validateAndReport(request);
    Recipe<T> recipe = recipe(request);
    if (request.isFresh()) {
      RefreshingToken<T> engine = tokens.engine(recipe);
      long number = engine.begin();
      T fresh = recipe.mint().mint(false);
      engine.offer(number, fresh);
      return fresh;
    }
    return tokens.await(recipe, request.minimumValidityMillis(), null);
  }

  private <T extends BearerToken> Recipe<T> recipe(TokenRequest<T> request) {
    TokenRequest<T> kept = request.cacheKey();
    return new Recipe<>(kept, new Minting<>(kept));
  }

  /** Asks the services for a token that is kept, and tells of it. */
  private final class Minting<T extends BearerToken> implements Recipe.Mint<T> {
    private final TokenRequest<T> request;

    Minting(TokenRequest<T> request) {
      this.request = request;
    }

    @Override
    public T mint(boolean ahead) {
      return ahead
          ? newReporter(request).reportRefresh(request, this::living)
          : newReporter(request).reportIssue(this::living);
    }

    private T living(Retrier.Observer observer) {
      return Recipe.requireNotExpired(issueNow(request, observer), request, clock.instant());
    }

    @Override
    public void rejected(boolean ahead, CredentialException failure) {
      events.publish(
          () ->
              ahead
                  ? new CredentialEvent.RefreshFailed(request, failure, Duration.ZERO, 0)
                  : new CredentialEvent.Refused(request, failure, Duration.ZERO, 0));
    }
  }

  private <C extends ShortLivedCredential> IssuanceReporter<C> newReporter(
      CredentialRequest<C> request) {
    return new IssuanceReporter<>(request, events, retrier.stopwatch());
  }

  /** What the service says now. */
  @SuppressWarnings("unchecked") // A user's token is an access token.
  private <C extends ShortLivedCredential> C issueNow(
      CredentialRequest<C> request, Retrier.Observer observer) {
    if (request instanceof UserTokenRequest user) {
      return (C) delegated(user, observer);
    }
    return issuer(request.target(), observer).issue(request);
  }

  private Issuer issuer(Target target, Retrier.Observer observer) {
    return (target instanceof Target.Self ? self : remote).observedBy(observer);
  }

  /**
   * Drops the kept token of a request, after a service refused it with a 401: the next one who asks
   * gets another, be it one that was asked for just before. Where many threads may be refused the
   * same token, {@link TokenSource#invalidate} drops it once and spares its successor. Does not
   * block.
   *
   * @param request what the token was asked for with; in whatever way, fresh or not
   */
  public void invalidate(TokenRequest<?> request) {
    tokens.invalidate(request);
  }

  /**
   * Makes a handle for a token that is kept, and renewed before it expires: for whoever needs one
   * again and again, and counts nanoseconds. Does not block; the first call of its {@link
   * TokenSource#get()} does.
   *
   * @throws CredentialException.InvalidRequest if the caller is among the delegates of the request,
   *     or if it asks for a fresh token
   */
  public <T extends BearerToken> TokenSource<T> tokenSource(TokenRequest<T> request) {
    validate(request);
    InternalExceptions.require(
        !request.isFresh(),
        "request",
        request.toString(),
        "it is for a token that is kept until a service refuses it",
        "make it without fresh(); after a 401 call invalidate, or refresh of GoogleCredentials");
    return new TokenSource<>(tokens, recipe(request), request.minimumValidityMillis());
  }

  /** Whether to ask for it makes a request, be it one in the background. */
  boolean costsRequest(CredentialRequest<?> request) {
    return !(request instanceof TokenRequest<?> tokenRequest) || tokens.costsRequest(tokenRequest);
  }

  /** The kept credential, if there is one that the request takes; signatures never are kept. */
  @SuppressWarnings("unchecked") // As in issue.
  <C extends ShortLivedCredential> Optional<C> cached(CredentialRequest<C> request) {
    return request instanceof TokenRequest<?> tokenRequest
        ? Optional.ofNullable((C) tokens.getIfUsable(tokenRequest))
        : Optional.empty();
  }

  /** Begins with 64 requests at a time and Google's standard quota: for thousands of targets. */
  public BulkIssuer bulkIssuer() {
    return BulkIssuer.of(this);
  }

  /** Refuses as any service would. */
  private void validateAndReport(CredentialRequest<?> request) {
    try {
      validate(request);
    } catch (CredentialException e) {
      events.publish(() -> new CredentialEvent.Refused(request, e, Duration.ZERO, 0));
      throw e;
    }
  }

  /** What no service needs to be asked about. */
  private void validate(CredentialRequest<?> request) {
    checkOpen();
    if (request.target() instanceof DelegationChain chain) {
      checkCallerNotAmong(chain);
    }
  }

  /**
   * Makes {@link GoogleCredentials} that any Google client accepts; whenever one needs a token, it
   * is issued here for this target. As {@link #googleCredentials(AccessTokenRequest)}, with tokens
   * that live 1 hour.
   *
   * @throws CredentialException.InvalidRequest if there is no scope or one is malformed
   */
  public GoogleCredentials googleCredentials(Target target, String... scopes) {
    return googleCredentials(AccessTokenRequest.of(target, scopes));
  }

  /**
   * Makes {@link GoogleCredentials} that any Google client accepts; whenever one needs a token, it
   * is issued here as the request says. They are also a {@link
   * com.google.auth.ServiceAccountSigner}, with which Cloud Storage signs URLs, and an {@link
   * IdTokenProvider}, unless the target is {@link Target#self()} and the source is no service
   * account. They work until this object is closed, after which they throw {@link
   * IllegalStateException} (but for {@code getAccessToken()}, which asks for nothing: it gives an
   * empty one that has expired), and cannot be serialized.
   *
   * <p>Tokens are kept here, not by google-auth: whoever asks for the same, by these, others like
   * them, {@link #issue} or a {@link TokenSource}, shares one token, which is served and renewed as
   * {@link TokenSource} describes. {@code refresh()}, which clients call after a 401, drops the
   * token that these credentials gave last and gets another; threads that call it while that is
   * under way share it. {@code getAccessToken()} is the token that these gave last, and change
   * listeners hear of each, while others may wait for them, as in google-auth. ID tokens of the
   * {@link IdTokenProvider} have four minutes before them, so that google-auth's {@code
   * IdTokenCredentials} take them for fresh; those do not get past the kept one after a 401: prefer
   * {@link #idTokenCredentials}.
   *
   * <p>{@code createScoped} and {@code createWithQuotaProject} do what they say; the quota project
   * is the source's for {@link Target#self()}, and none for others and for users, who may lack the
   * permission to charge it. {@code toBuilder()} refuses an access token, a universe domain and
   * margins. {@code createDelegated} makes credentials of a user whose domain delegates that to the
   * target: IAM signs for it, so it needs no key. Those neither sign nor issue ID tokens; how long
   * their tokens live, the token endpoint decides, so a request with another lifetime than the
   * usual is refused.
   *
   * <p>Thread-safe. {@code getRequestMetadata(uri)}, {@code refresh} and {@code refreshIfExpired}
   * block where there is no usable token; {@code getRequestMetadata(uri, executor, callback)} never
   * blocks its caller: it calls back at once if there is one, else on the executor when it has
   * come, or on the thread that has it if the executor refuses. Failures are {@link
   * java.io.IOException}s, {@code Retryable} where another try is worth it, caused by the {@link
   * CredentialException}.
   *
   * @throws CredentialException.InvalidRequest if the caller is among the delegates of the request,
   *     or if it asks for a fresh token
   */
  public GoogleCredentials googleCredentials(AccessTokenRequest request) {
    CredentialsSpec issuance = new CredentialsSpec(this, request, Optional.empty());
    return issuance.credentials(
        GoogleCredentials.newBuilder().setQuotaProjectId(issuance.inheritedQuotaProject()));
  }

  /**
   * Makes credentials that send ID tokens without the email address, for calling Cloud Run and
   * Cloud Run functions.
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
   * Makes credentials that send ID tokens as the request says. Identity-Aware Proxy wants its OAuth
   * client ID as audience and {@link IdTokenRequest#withEmail()}. They keep and share tokens,
   * block, fail and end as those of {@link #googleCredentials(AccessTokenRequest)} do, and cannot
   * be serialized. gRPC sends them over encrypted connections alone. Thread-safe.
   *
   * @throws CredentialException.InvalidRequest if the caller is among the delegates of the request,
   *     or if it asks for a fresh token
   * @see <a href="https://cloud.google.com/iap/docs/authentication-howto">Identity-Aware Proxy:
   *     Programmatic authentication</a>
   */
  public OAuth2Credentials idTokenCredentials(IdTokenRequest request) {
    return new IssuedIdTokenCredentials(this, request, GoogleCredentials.newBuilder());
  }

  /**
   * Makes google-auth's own {@link ImpersonatedCredentials}, for code that demands that type, with
   * the request's target, delegates, scopes and lifetime, and this object's source token, transport
   * and endpoint. Prefer {@link #googleCredentials(AccessTokenRequest)}: these repeat no call that
   * fails and tell no grants, and keep their tokens in google-auth's cache, apart from this
   * object's: where it has none, all its callers wait, and fail together. They go on when this
   * object is closed, but none are made then. Never serialize them: that fails, but not before the
   * token they hold is written. Signatures and ID tokens they ask of their universe's public
   * endpoint, whatever {@link Endpoints#iamCredentials()} says, unless the transport leads
   * elsewhere. Set a quota project with {@code toBuilder()} before they are used: google-auth
   * leaves it out where there is a token already.
   *
   * @throws CredentialException.InvalidRequest if the target is {@link Target#self()}, whom nobody
   *     impersonates, or if the caller is among the delegates
   */
  public ImpersonatedCredentials impersonatedCredentials(AccessTokenRequest request) {
    validate(request);
    return ImpersonatedCredentialsFactory.create(context, request);
  }

  /**
   * Tells the caller as a policy member, such as {@code
   * serviceAccount:caller@my-project.iam.gserviceaccount.com} or {@code user:me@example.com}.
   * Blocks for a user, whom Google is asked for, and on Compute Engine, where the metadata server
   * is; empty where the source credentials cannot tell.
   *
   * @throws CredentialException if the source credentials are broken
   */
  public Optional<Member> callerMember() {
    return context
        .call(SourceIssuer.IDENTIFY_CALLER, deadline -> source.call(source::member, deadline))
        .map(Member::of);
  }

  /**
   * Tells what the source credentials need to be granted themselves, where they act as another
   * account: in the order a request travels, empty where they do not or cannot tell. Whether it is
   * granted, nobody is asked. Blocks for a user, for 5 seconds at most, whom Google is asked for;
   * on Compute Engine the metadata server is asked.
   */
  public List<RequiredGrant> sourceGrants() {
    return RequiredGrants.ofAllSources(source.credentials());
  }

  /**
   * {@return how often {@link #issue} and the methods like it were answered with a kept token}
   * Reading by a {@link TokenSource}, or by credentials made for a Google client, is not counted:
   * that would take longer than the reading.
   */
  public long servedFromCache() {
    return tokens.servedCount();
  }

  /** {@return the clock by which claims are dated, tokens and grants end} */
  public InstantSource clock() {
    return clock;
  }

  /** {@return where the services are that this object calls} */
  public Endpoints endpoints() {
    return context.endpoints();
  }

  ClientContext context() {
    return context;
  }

  /**
   * Releases connections and threads, and drops the tokens that were kept, also by the credentials
   * made for Google's clients. Credentials issued before stay valid until they expire.
   */
  @Override
  public void close() {
    closed = true;
    tokens.close();
    holders.close();
    connecting.lock();
    try {
      if (client != null) {
        client.close();
        client = null;
      }
    } finally {
      connecting.unlock();
    }
  }

  TokenHolders closeHooks() {
    return holders;
  }

  private void checkOpen() {
    if (closed) {
      throw RefreshingToken.closedException();
    }
  }

  private GoogleApiClient<IamCredentialsClient> client() {
    connecting.lock();
    try {
      checkOpen();
      if (client == null) {
        client = connect();
      }
      return client;
    } finally {
      connecting.unlock();
    }
  }

  private GoogleApiClient<IamCredentialsClient> connect() {
    try {
      return grpc
          ? GoogleApiClient.iamCredentialsGrpc(context.endpoints().iamCredentialsGrpc())
          : GoogleApiClient.iamCredentialsHttpJson(
              context.endpoints().iamCredentials(), context.transports().create());
    } catch (IOException e) {
      throw InternalExceptions.translate(e, "Starting the IAM Credentials client");
    }
  }

  private static String universeOf(SourceCredentials source, Retrier retrier) {
    try {
      return retrier.call(
          deadline -> source.call(source.credentials()::getUniverseDomain, deadline));
    } catch (FailedCallException e) {
      throw unknownUniverse("Check that the metadata server can be reached.", e);
    }
  }

  /** A machine's is what the metadata server says, or what answers in its place. */
  private static Endpoints endpointsOf(SourceCredentials source, Retrier retrier) {
    String universe = universeOf(source, retrier);
    if (source.credentials() instanceof ComputeEngineCredentials
        && !GoogleHosts.isDomain(universe)) {
      throw unknownUniverse(
          "The metadata server's answer is no domain name: check that it is the one to answer.",
          null);
    }
    return Endpoints.universe(universe);
  }

  private static CredentialException unknownUniverse(String fix, @Nullable Throwable cause) {
    return InternalExceptions.sourceUnusable(
        "The source credentials do not tell which universe they are of. " + fix, cause);
  }

  String universeDomain() throws IOException {
    return source.credentials().getUniverseDomain();
  }

  /**
   * Who has the tokens of this target, if that is a service account that can be named. Blocks on
   * Compute Engine, where it may have to be asked.
   */
  Optional<ServiceAccount> accountOf(Target target) {
    return accountOf(target, retrier.observedBy(context.retriesOf(SourceIssuer.IDENTIFY_CALLER)));
  }

  private Optional<ServiceAccount> accountOf(Target target, Retrier asking) {
    if (target instanceof DelegationChain chain) {
      return Optional.of(chain.target());
    }
    return target instanceof ServiceAccount account
        ? Optional.of(account)
        : SourceIssuer.account(source, asking);
  }

  /** Whether a service account has the tokens of this target: it may sign, and have ID tokens. */
  boolean isServiceAccount(Target target) {
    return !(target instanceof Target.Self) || source.isServiceAccount();
  }

  /** A user's token, where their domain delegates that to the target. */
  private AccessToken delegated(UserTokenRequest request, Retrier.Observer observer) {
    Retrier told = retrier.observedBy(observer);
    Deadline deadline = told.deadline();
    String universe = universeOf(source, told.within(deadline));
    InternalExceptions.require(
        universe.equals(Credentials.GOOGLE_DEFAULT_UNIVERSE),
        "universe domain",
        universe,
        "there is no domain-wide delegation outside Google's own",
        "act as the service account itself");
    ServiceAccount account =
        accountOf(request.target(), told.within(deadline))
            .orElseThrow(ShortLivedCredentials::noAccountForUsers);
    Issuer signer = issuer(request.target(), observer).within(deadline);
    return new DomainWideDelegation(
            context.endpoints(), context.transports(), () -> told.within(deadline), clock)
        .accessToken(
            account.id(),
            request.user(),
            request.scopes(),
            claims -> signer.signJwt(SignJwtRequest.of(request.target(), claims)));
  }

  private static CredentialException noAccountForUsers() {
    return InternalExceptions.invalid(
        "Invalid target 'self': domain-wide delegation needs a service account, which the source"
            + " credentials are not. Use a service account as target.");
  }

  private void checkCallerNotAmong(DelegationChain chain) {
    Optional<ServiceAccount> caller =
        source.account().map(ServiceAccount::of).filter(chain.delegates()::contains);
    InternalExceptions.require(
        caller.isEmpty(),
        "delegation chain",
        caller.map(ServiceAccount::id).orElse(""),
        "the caller is never among its delegates",
        "start the chain with the account that the caller asks");
  }

  /** Collects the options of a {@link ShortLivedCredentials}. Not thread-safe. */
  public static final class Builder {
    private final SourceCredentialsLoader source = new SourceCredentialsLoader();
    private @Nullable Endpoints endpoints;
    private HttpTransportFactory transports = SourceCredentialsLoader.DEFAULT_TRANSPORTS;
    private RetryPolicy retryPolicy = RetryPolicy.standard();
    private InstantSource clock = InstantSource.system();
    private @Nullable Executor executor;
    private int maximumCachedTokens = MOST_KEPT_TOKENS;
    private EventPublisher events = EventPublisher.NONE;
    private boolean grpc;

    private Builder() {}

    /** Calls as these credentials. */
    public Builder source(GoogleCredentials credentials) {
      source.credentials(Objects.requireNonNull(credentials, "credentials"));
      return this;
    }

    /** Calls as the service account of this key file, read by {@link #build()}. */
    public Builder keyFile(Path keyFile) {
      source.keyFile(Objects.requireNonNull(keyFile, "keyFile"));
      return this;
    }

    /** Calls as the service account of this key, given as the JSON of a key file. */
    public Builder keyJson(String keyJson) {
      source.keyJson(Objects.requireNonNull(keyJson, "keyJson"));
      return this;
    }

    /**
     * Calls as this credential configuration says, which comes from outside: it is checked against
     * the policy before anything that it names is opened or called. {@link #build()} fails if it is
     * refused.
     *
     * @param json of any {@link CredentialConfigType}
     * @param policy {@link CredentialConfigPolicy#googleOnly()}, and what else it may do by name
     */
    public Builder configuration(String json, CredentialConfigPolicy policy) {
      source.configuration(json, policy);
      return this;
    }

    /**
     * As {@link #configuration(String, CredentialConfigPolicy)}, from a file, read by {@link
     * #build()}.
     */
    public Builder configurationFile(Path file, CredentialConfigPolicy policy) {
      source.configurationFile(file, policy);
      return this;
    }

    /**
     * Calls the IAM Credentials API over gRPC, which is faster under load, instead of HTTP/JSON.
     */
    public Builder grpc() {
      this.grpc = true;
      return this;
    }

    /** Sets where the services are; the public endpoints of the source's universe unless set. */
    public Builder endpoints(Endpoints endpoints) {
      this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
      return this;
    }

    /**
     * Sets what makes HTTP connections, such as through a proxy; the JDK's unless set. Each {@code
     * create()} must make a transport of its own, for closing shuts it down. Credentials given to
     * {@link #source} keep their own; gRPC takes the JVM's settings.
     */
    public Builder httpTransportFactory(HttpTransportFactory transports) {
      this.transports = Objects.requireNonNull(transports, "transports");
      return this;
    }

    /** Sets how calls are repeated; {@link RetryPolicy#standard()} unless set. */
    public Builder retryPolicy(RetryPolicy retryPolicy) {
      this.retryPolicy = Objects.requireNonNull(retryPolicy, "retryPolicy");
      return this;
    }

    /**
     * Sets who is told of what happens; nobody unless set, and nothing is logged. It is called by
     * the threads on which things happen, many at a time, and must not block. What it throws is
     * dropped.
     */
    public Builder listener(Consumer<? super CredentialEvent> listener) {
      this.events = new EventPublisher(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Sets the clock by which claims are dated, tokens and grants end; the system's unless set. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets for how many requests tokens are kept at most; 10,000 unless set. Where there are more,
     * those that nobody used for longest are dropped, which costs another request when they are
     * asked for again.
     *
     * @throws CredentialException.InvalidRequest if it is less than 1
     */
    public Builder maximumCachedTokens(int most) {
      InternalExceptions.require(
          most >= 1,
          "number of kept tokens",
          Integer.toString(most),
          "it is at least 1",
          "ask for fresh() tokens where none shall be kept");
      this.maximumCachedTokens = most;
      return this;
    }

    /**
     * Sets who makes the requests for tokens that are kept, which block; up to 64 daemon threads of
     * this object's own unless set. It must run every task, and never on the thread that hands it
     * over. Closing leaves it running.
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Reads the source credentials; no service is called, but looking for Application Default
     * Credentials may ask a local metadata server.
     *
     * @throws CredentialException.SourceCredentials if they are missing, malformed, or refused by
     *     their policy
     */
    public ShortLivedCredentials build() {
      return new ShortLivedCredentials(this);
    }
  }
}
