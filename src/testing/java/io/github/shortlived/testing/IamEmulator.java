package io.github.shortlived.testing;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.client.AttachedAccountCredentials;
import io.github.shortlived.testing.internal.client.CredentialFiles;
import io.github.shortlived.testing.internal.client.EmulatorCredentials;
import io.github.shortlived.testing.internal.client.GoogleHostRewriter;
import io.github.shortlived.testing.internal.key.RsaKeyPool;
import io.github.shortlived.testing.internal.policy.DeclaredBinding;
import io.github.shortlived.testing.internal.server.EmulatorServer;
import io.github.shortlived.testing.internal.world.World;
import io.github.shortlived.testing.internal.world.WorldSpec;
import io.github.shortlived.verify.TokenVerification;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * An emulator of Google IAM inside the JVM, for tests. It uses two free ports of the loopback
 * interface and serves the APIs of IAM, IAM Credentials and Compute Engine, the token endpoints and
 * the metadata server; the page "The emulator" lists the methods. A caller needs a binding for each
 * permission, and gets Google's error without one. To evaluate a condition of a binding, the
 * emulator needs the optional dependency {@code dev.cel:cel} on the class path.
 *
 * <p>Safe for concurrent use. Emulators in the same JVM are independent. Starting blocks until the
 * servers run, and closing until they have stopped. After {@link #close()}, only its endpoints, its
 * clock and {@link #calls()} can still be read; all other methods throw {@link
 * IllegalStateException}. All threads are daemons: a program that does not close its emulator ends.
 */
public final class IamEmulator implements AutoCloseable {
  private final WorldSpec spec;
  private final EmulatorClock clock;
  private final RsaKeyPool keys = new RsaKeyPool();
  private final EmulatorServer server;
  private volatile boolean closed;

  IamEmulator(WorldSpec spec, EmulatorClock clock, int port) {
    this.spec = spec;
    this.clock = clock;
    this.server = EmulatorServer.start(newWorld(), port);
  }

  /** Starts an emulator without projects, accounts and bindings. The caller closes it. */
  public static IamEmulator start() {
    return builder().start();
  }

  /** {@return a builder that declares nothing yet, on the system clock} */
  public static EmulatorBuilder builder() {
    return new EmulatorBuilder();
  }

  /**
   * {@return a builder that declares the project {@code demo-project}} It has the service accounts
   * {@code sa-1}, {@code sa-2} and {@code sa-3} with no grant between them, the owner {@code
   * user:admin@example.com}, the instances {@code vm-1} and {@code vm-2} in {@code us-west1-a} and
   * {@code vm-3} in {@code europe-west4-b}. {@code sa-1} and {@code sa-2} may list the instances,
   * and the metadata server issues tokens of {@code sa-1}.
   */
  public static EmulatorBuilder demo() {
    return DemoWorld.declare(builder());
  }

  /**
   * {@return {@code http://127.0.0.1:PORT}, which serves REST, the token endpoint and the published
   * keys}
   */
  public URI httpEndpoint() {
    return server.http();
  }

  /**
   * {@return {@code http://127.0.0.1:PORT}, which serves gRPC without encryption} Pass its host and
   * port to {@code ManagedChannelBuilder.forTarget}. Google's call credentials refuse such a
   * channel, so send the bearer token in an {@code authorization} header or use {@link
   * EmulatorClients#grpcTransport}.
   */
  public URI grpcEndpoint() {
    return server.grpc();
  }

  /**
   * Creates a user-managed key for a service account.
   *
   * @return a key file in Google's format, whose {@code token_uri} is the emulator's; it holds the
   *     private key
   * @throws IllegalArgumentException if the account does not exist
   */
  public String serviceAccountKey(String accountEmail) {
    Account account = world().requireAccount(accountEmail);
    return account.keyFile(account.keys().addUserManaged(), httpEndpoint().resolve("/token"));
  }

  /**
   * {@return credentials of a member for Google's clients, with the {@code cloud-platform} scope}
   * They get access tokens without a network call, and refresh them when the emulator's clock
   * passes their expiry. {@code createScoped} changes the scope, and {@code createWithQuotaProject}
   * the project that pays.
   *
   * <p>Credentials of a service account are also an {@code IdTokenProvider} and a {@code
   * ServiceAccountSigner}, as on a virtual machine with this account. To sign, the account needs
   * {@code iam.serviceAccounts.signBlob} on itself.
   *
   * @param member {@code user:EMAIL}, {@code serviceAccount:EMAIL} or {@code
   *     principal://…/subject/SUBJECT} of a workload identity pool
   * @throws IllegalArgumentException if the member has another form, or the service account does
   *     not exist
   */
  public GoogleCredentials googleCredentials(String member) {
    requireOpen();
    Principal principal = new Principal(member);
    Caller caller = new Caller(principal, Set.of(OAuthScopes.CLOUD_PLATFORM));
    return principal.isServiceAccount()
        ? new AttachedAccountCredentials(
            world().requireAccount(principal.email()).email(), caller, server::world)
        : new EmulatorCredentials(caller, server::world);
  }

  /**
   * Signs a user in, as {@code gcloud auth application-default login} does.
   *
   * @param email the email address of any user
   * @return a credentials file of the type {@code authorized_user}, whose {@code token_uri} is the
   *     emulator's; it holds a refresh token
   * @throws IllegalArgumentException if the email address is malformed
   */
  public String userCredentials(String email) {
    return CredentialFiles.authorizedUser(
        email, world().identityProviders().refreshTokens(), httpEndpoint().resolve("/token"));
  }

  /**
   * {@return the provider of a workload identity pool, which signs subject tokens}
   *
   * @throws IllegalArgumentException if the provider was not declared with {@link
   *     EmulatorBuilder#workloadIdentityPool}
   */
  public WorkloadIdentityProvider workloadIdentityProvider(
      String projectId, String poolId, String providerId) {
    return new WorkloadIdentityProvider(
        world().identityProviders().provider(projectId, poolId, providerId), clock);
  }

  /**
   * {@return the 12-digit number of a project, which is the same in every emulator} It is part of
   * the principals of workload identity pools, of default service accounts and of metadata. The
   * project need not exist.
   */
  public static String projectNumber(String projectId) {
    return StableIds.projectNumber(projectId);
  }

  /** {@return the endpoints of this emulator, for {@link ShortLivedCredentials}} */
  public Endpoints endpoints() {
    return Endpoints.of(httpEndpoint(), grpcEndpoint());
  }

  /**
   * {@return credentials that call this emulator as a service account, without a key} They use
   * HTTP/JSON. The caller closes them.
   *
   * @throws IllegalArgumentException if the account does not exist
   */
  public ShortLivedCredentials credentialsFor(ServiceAccount caller) {
    return credentialsFor(Member.of(caller));
  }

  /**
   * {@return credentials that call this emulator as a user or service account} They use HTTP/JSON.
   * The caller closes them.
   *
   * @param caller as for {@link #googleCredentials}
   * @throws IllegalArgumentException if the member has another form, or the service account does
   *     not exist
   */
  public ShortLivedCredentials credentialsFor(Member caller) {
    return ShortLivedCredentials.builder()
        .source(googleCredentials(caller.id()))
        .endpoints(endpoints())
        .clock(clock)
        .build();
  }

  /**
   * {@return a verifier of the tokens and signatures that this emulator issues, by its keys and its
   * clock} It needs the optional dependency {@code com.nimbusds:nimbus-jose-jwt}. The emulator has
   * no keys of Identity-Aware Proxy. The caller closes it.
   */
  public TokenVerification tokenVerification() {
    requireOpen();
    return TokenVerification.builder().endpoints(endpoints()).clock(clock).build();
  }

  /**
   * {@return HTTP transports that send requests for {@code *.googleapis.com}, {@code
   * accounts.google.com} and the metadata server to this emulator, and all others to their URL}
   * Over them, a response with status 401 has no text and no reason.
   */
  public HttpTransportFactory httpTransportFactory() {
    requireOpen();
    return GoogleHostRewriter.to(httpEndpoint());
  }

  /** {@return transports, credentials, files and environment variables for other clients} */
  public EmulatorClients clients() {
    requireOpen();
    return new EmulatorClients(this);
  }

  /**
   * Grants a role on a project without a condition. It takes effect at once, unless a {@linkplain
   * EmulatorControls#propagationDelay propagation delay} is set.
   *
   * @param role a predefined role, such as {@code roles/compute.viewer}, or a custom role of the
   *     project
   * @param member a policy member, such as {@code user:admin@example.com}
   * @throws IllegalArgumentException if the project or the role does not exist, or the member is
   *     malformed
   */
  public void addProjectBinding(String projectId, String role, String member) {
    World world = world();
    Resource project = Resource.project(world.requireProject(projectId));
    world.addBinding(new DeclaredBinding(project, role, member));
  }

  /** {@return the clock of this emulator, always the same object} */
  public EmulatorClock clock() {
    return clock;
  }

  /** {@return the fault injection of this emulator; no fault is active at the start} */
  public EmulatorFaults faults() {
    requireOpen();
    return new EmulatorFaults(() -> world().controls().faults());
  }

  /** {@return the controls for propagation delay, organization policy, APIs, keys and quotas} */
  public EmulatorControls controls() {
    requireOpen();
    return new EmulatorControls(this::world);
  }

  /**
   * {@return the latest 1,000 calls since the start or the last {@link #reset}, in the order in
   * which they ended} The log has all calls of an emulated method over REST, gRPC and the other
   * endpoints, also those with invalid credentials, a wrong HTTP method or a malformed body. It
   * leaves out requests to unknown paths.
   */
  public List<EmulatorCall> calls() {
    return server.world().controls().calls().snapshot().stream().map(EmulatorCall::of).toList();
  }

  /**
   * Restores the state at the start: policies, accounts, tokens, keys, faults, controls, the log
   * and the clock. Calls in flight end in the old state. Safe to call at any time; it generates no
   * RSA key.
   *
   * <p>Earlier access tokens, key files and refresh tokens are invalid afterwards. {@linkplain
   * #googleCredentials Credentials} of users and declared accounts stay usable and get a new token
   * when they are next used; a {@link #workloadIdentityProvider} stays usable too. Each account and
   * Google itself sign with the same system-managed keys as before, so verifiers may cache these
   * keys.
   */
  public synchronized void reset() {
    requireOpen();
    clock.reset();
    server.replaceWorld(newWorld());
  }

  /** Stops the servers and all threads of the emulator. Closing it again has no effect. */
  @Override
  public void close() {
    closed = true;
    server.close();
  }

  /** {@return the endpoints, and whether it is closed} */
  @Override
  public String toString() {
    return "IamEmulator[http=%s, grpc=%s%s]"
        .formatted(httpEndpoint(), grpcEndpoint(), closed ? ", closed" : "");
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This IamEmulator is closed");
    }
  }

  World world() {
    requireOpen();
    return server.world();
  }

  private World newWorld() {
    return World.of(spec, clock, keys);
  }
}
