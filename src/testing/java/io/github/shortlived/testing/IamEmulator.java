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
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * A Google IAM inside the JVM, for tests: it creates service accounts, keeps their policies and
 * issues their short-lived credentials over the REST and gRPC interfaces of Google's own services,
 * and refuses what Google refuses.
 *
 * <p>It serves the IAM Service Account Credentials API, the IAM API as far as accounts, their keys
 * and policies go, the OAuth 2.0 token endpoint, the Security Token Service, the metadata server of
 * a virtual machine, the published keys of all that signs here, and Compute Engine's instances, on
 * two free ports of the loopback interface. Signatures are real. Nothing is allowed that no binding
 * allows. Bindings with a condition count while it holds; they need Google's evaluator {@code
 * dev.cel:cel} on the class path, an optional dependency.
 *
 * <p>Safe for concurrent use; two emulators in one JVM do not touch each other. Starting and
 * closing block until the servers run and have stopped.
 */
public final class IamEmulator implements AutoCloseable {
  private final WorldSpec spec;
  private final EmulatorClock clock;
  private final RsaKeyPool keys = new RsaKeyPool();
  private final EmulatorServer servers;

  IamEmulator(WorldSpec spec, EmulatorClock clock, int port) {
    this.spec = spec;
    this.clock = clock;
    this.servers = EmulatorServer.start(newWorld(), port);
  }

  /**
   * Starts an emulator without projects, accounts or grants.
   *
   * @return the running emulator, to be closed by the caller
   */
  public static IamEmulator start() {
    return builder().start();
  }

  /**
   * Begins the declaration of a world.
   *
   * @return a builder of an empty world on the system's clock
   */
  public static EmulatorBuilder builder() {
    return new EmulatorBuilder();
  }

  /**
   * Begins with a world to try things in: the project {@code demo-project} with the service
   * accounts {@code sa-1}, {@code sa-2} and {@code sa-3} and no grant between them, {@code
   * user:admin@example.com} as its owner, the instances {@code vm-1} and {@code vm-2} in {@code
   * us-west1-a} and {@code vm-3} in {@code europe-west4-b}, which {@code sa-1} and {@code sa-2} may
   * list. The metadata server gives tokens of {@code sa-1}.
   *
   * @return a builder of that world on the system's clock, to be added to or started
   */
  public static EmulatorBuilder demo() {
    return DemoWorld.declare(builder());
  }

  /**
   * Where all REST services, the token endpoint and the published keys are.
   *
   * @return {@code http://127.0.0.1:PORT}
   */
  public URI httpEndpoint() {
    return servers.http();
  }

  /**
   * Where all gRPC services are, in plaintext. Google's call credentials refuse a plaintext
   * channel: send the bearer token as an {@code authorization} header.
   *
   * @return {@code http://127.0.0.1:PORT}; the authority is the target of a channel
   */
  public URI grpcEndpoint() {
    return servers.grpc();
  }

  /**
   * Creates a user-managed key for a service account.
   *
   * @param accountEmail an account of this world
   * @return a key file as Google writes it, except that its {@code token_uri} is the emulator's; it
   *     holds the private key
   * @throws IllegalArgumentException if there is no such account
   */
  public String serviceAccountKey(String accountEmail) {
    Account account = world().requireAccount(accountEmail);
    return account.keyFile(account.keys().addUserManaged(), httpEndpoint().resolve("/token"));
  }

  /**
   * Credentials of a member with the {@code cloud-platform} scope, or with others by {@code
   * createScoped}. They get their access tokens from the emulator without network and renew them
   * when they expire by the emulator's clock. Those of a service account are also an {@code
   * IdTokenProvider}, as on a virtual machine that the account is attached to, and a {@code
   * ServiceAccountSigner}, whose signing needs {@code iam.serviceAccounts.signBlob} on the account
   * itself.
   *
   * @param member {@code user:EMAIL}, {@code serviceAccount:EMAIL} or {@code
   *     principal://…/subject/SUBJECT} of a workload identity pool
   * @return credentials for any of Google's clients
   * @throws IllegalArgumentException if the member is none of them, or no such service account
   *     exists
   */
  public GoogleCredentials googleCredentials(String member) {
    Principal principal = new Principal(member);
    Caller caller = new Caller(principal, Set.of(OAuthScopes.CLOUD_PLATFORM));
    return principal.isServiceAccount()
        ? new AttachedAccountCredentials(
            world().requireAccount(principal.email()).email(), caller, this::world)
        : new EmulatorCredentials(caller, this::world);
  }

  /**
   * Signs a user in, as {@code gcloud auth application-default login} does.
   *
   * @param email any user's email address
   * @return a credentials file of the type {@code authorized_user}, whose {@code token_uri} is the
   *     emulator's; it holds a refresh token
   * @throws IllegalArgumentException if that is no email address
   */
  public String userCredentials(String email) {
    return CredentialFiles.authorizedUser(
        email, world().identityProviders().refreshTokens(), httpEndpoint().resolve("/token"));
  }

  /**
   * The test's own identity provider behind a workload identity pool.
   *
   * @param projectId the pool's project
   * @param poolId the pool
   * @param providerId the provider
   * @return the provider, which signs subject tokens
   * @throws IllegalArgumentException if it was not declared with {@link
   *     EmulatorBuilder#workloadIdentityPool}
   */
  public WorkloadIdentityProvider workloadIdentityProvider(
      String projectId, String poolId, String providerId) {
    return new WorkloadIdentityProvider(
        world().identityProviders().provider(projectId, poolId, providerId), clock);
  }

  /**
   * The number that stands for a project in principals of its workload identity pools and in
   * metadata: 12 digits, the same in every emulator.
   *
   * @param projectId the project, which need not exist
   * @return its number
   */
  public static String projectNumber(String projectId) {
    return StableIds.projectNumber(projectId);
  }

  /**
   * The endpoints of this emulator, for {@link ShortLivedCredentials}.
   *
   * @return all endpoints here
   */
  public Endpoints endpoints() {
    return new Endpoints(
        httpEndpoint(), grpcEndpoint(), grpcEndpoint(), httpEndpoint(), httpEndpoint());
  }

  /**
   * Credentials that call this emulator as a service account, without a key.
   *
   * @param caller a service account of this world, named by its email address
   * @return credentials over HTTP/JSON, to be closed by the caller
   * @throws IllegalArgumentException if there is no such account
   */
  public ShortLivedCredentials credentialsFor(ServiceAccount caller) {
    return credentialsFor(Member.of(caller));
  }

  /**
   * Credentials that call this emulator as a user or service account.
   *
   * @param caller {@code user:EMAIL} or {@code serviceAccount:EMAIL}
   * @return credentials over HTTP/JSON, to be closed by the caller
   * @throws IllegalArgumentException if the member is neither, or no such service account exists
   */
  public ShortLivedCredentials credentialsFor(Member caller) {
    return ShortLivedCredentials.builder()
        .source(googleCredentials(caller.id()))
        .endpoints(endpoints())
        .httpTransportFactory(httpTransportFactory())
        .clock(clock)
        .build();
  }

  /**
   * A transport that leads every URL of {@code *.googleapis.com}, {@code accounts.google.com} and
   * the metadata server to this emulator, and any other to where it says.
   *
   * @return a factory for Google's clients and credentials
   */
  public HttpTransportFactory httpTransportFactory() {
    return GoogleHostRewriter.to(httpEndpoint());
  }

  /**
   * What applications need that build Google's clients themselves, or run in another process.
   *
   * @return transports, credentials, files and environment variables that lead here
   */
  public EmulatorClients clients() {
    return new EmulatorClients(this);
  }

  /**
   * Grants a role on a project unconditionally; it takes effect at once unless a {@linkplain
   * EmulatorControls#propagationDelay propagation delay} is set.
   *
   * @param projectId the project
   * @param role a predefined role, such as {@code roles/compute.viewer}, or a custom role of the
   *     project
   * @param member a policy member, such as {@code user:admin@example.com}
   * @throws IllegalArgumentException if the emulator does not know the project or the role, or the
   *     member is malformed
   */
  public void bindProjectRole(String projectId, String role, String member) {
    World world = world();
    Resource project = Resource.project(world.requireProject(projectId));
    world.grant(new DeclaredBinding(project, role, member));
  }

  /**
   * The time this emulator goes by, for tests to move.
   *
   * @return the clock, the same one always
   */
  public EmulatorClock clock() {
    return clock;
  }

  /**
   * The faults this emulator injects; none unless a test sets them.
   *
   * @return the faults, of this emulator alone
   */
  public EmulatorFaults faults() {
    return new EmulatorFaults(() -> world().controls().faults());
  }

  /**
   * Propagation delay, organization policy, enabled APIs, key rotation and quotas.
   *
   * @return the controls, of this emulator alone
   */
  public EmulatorControls controls() {
    return new EmulatorControls(this::world);
  }

  /**
   * The calls answered since the start or the last {@link #reset}: over REST and gRPC, to the token
   * endpoints, to the metadata server and for published keys; also those refused at the door, for
   * their credentials, their HTTP method or a malformed body. Those that named no method of
   * Google's are not among them.
   *
   * @return the latest 1,000, in the order they ended
   */
  public List<EmulatorCall> calls() {
    return world().controls().calls().snapshot().stream().map(EmulatorCall::of).toList();
  }

  /**
   * Goes back to the declared world, as if just started: policies, accounts and everything else in
   * it, tokens, keys, faults, controls, the log, and what the {@link #clock} was moved by. Makes no
   * RSA key; calls under way end in the world they began in. Safe to call at any time.
   *
   * <p>Access tokens, key files and refresh tokens from before are invalid afterwards. {@link
   * #googleCredentials Credentials} of users and declared accounts stay usable: they get a new
   * token when next used. So does a {@link #workloadIdentityProvider}. Every account and Google
   * itself sign with the keys they began with, so that verifiers may keep them.
   */
  public synchronized void reset() {
    clock.reset();
    keys.recycle();
    servers.serve(newWorld());
  }

  /** Stops both servers and all threads of the emulator. Closing again does nothing. */
  @Override
  public void close() {
    servers.close();
  }

  World world() {
    return servers.world();
  }

  private World newWorld() {
    return World.of(spec, clock, keys);
  }
}
