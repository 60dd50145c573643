package io.github.shortlived.testing;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.Endpoints;
import io.github.shortlived.Member;
import io.github.shortlived.ServiceAccount;
import io.github.shortlived.ShortLivedCredentials;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
  private final RsaKeys keys = new RsaKeys();
  private final Servers servers;

  private IamEmulator(WorldSpec spec, EmulatorClock clock, int port) {
    this.spec = spec;
    this.clock = clock;
    this.servers = Servers.start(newWorld(), port);
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
  public static Builder builder() {
    return new Builder();
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
  public static Builder demo() {
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
    return KeyFile.json(
        account, account.keys().addUserManaged().key(), httpEndpoint().resolve("/token"));
  }

  /**
   * Credentials of a member with the {@code cloud-platform} scope, or with others by {@code
   * createScoped}. They get their access tokens from the emulator without network and renew them
   * when they expire by the emulator's clock. Those of a service account are also an {@code
   * IdTokenProvider}, as on a virtual machine that the account is attached to, and a {@code
   * ServiceAccountSigner}, whose signing asks for {@code iam.serviceAccounts.signBlob} on the
   * account itself.
   *
   * @param member {@code user:EMAIL}, {@code serviceAccount:EMAIL} or {@code
   *     principal://…/subject/SUBJECT} of a workload identity pool
   * @return credentials for any of Google's clients
   * @throws IllegalArgumentException if the member is none of them, or no such service account
   *     exists
   */
  public GoogleCredentials googleCredentials(String member) {
    Principal principal = new Principal(member);
    Caller caller = new Caller(principal, Set.of(Scopes.CLOUD_PLATFORM));
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
    return UserFile.json(email, world().signIn().refreshTokens(), httpEndpoint().resolve("/token"));
  }

  /**
   * The test's own identity provider behind a workload identity pool.
   *
   * @param projectId the pool's project
   * @param poolId the pool
   * @param providerId the provider
   * @return the provider, which signs subject tokens
   * @throws IllegalArgumentException if it was not declared with {@link
   *     Builder#workloadIdentityPool}
   */
  public WorkloadIdentityProvider workloadIdentityProvider(
      String projectId, String poolId, String providerId) {
    return world().signIn().provider(projectId, poolId, providerId);
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
    return new Endpoints(httpEndpoint(), grpcEndpoint(), grpcEndpoint(), httpEndpoint());
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
    return Rerouting.to(httpEndpoint());
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
    world.grant(new Grant(project, role, member));
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
    return new EmulatorFaults(() -> world().knobs().faults());
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
   * endpoints, to the metadata server and for published keys. Those that named no method of the
   * emulator, or whose JSON it could not read, are not among them.
   *
   * @return the latest 1,000, in the order they ended
   */
  public List<EmulatorCall> calls() {
    return world().knobs().calls().snapshot();
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
    keys.takeBack();
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

  /**
   * Declares the world an emulator starts with, in any order; naming an account or a project
   * anywhere declares its project. Not safe for concurrent use.
   */
  public static final class Builder {
    private final Set<String> projects = new LinkedHashSet<>();
    private final Set<AccountEmail> accounts = new LinkedHashSet<>();
    private final List<Grant> grants = new ArrayList<>();
    private final List<Vm> instances = new ArrayList<>();
    private final Map<String, Set<String>> customRoles = new LinkedHashMap<>();
    private final Map<String, Set<String>> groups = new LinkedHashMap<>();
    private final List<Delegations.Delegation> delegations = new ArrayList<>();
    private final List<WorkloadPool> pools = new ArrayList<>();
    private Optional<String> metadataAccount = Optional.empty();
    private final Set<String> longLifetimes = new LinkedHashSet<>();
    private final Set<ApiSwitches.Disabled> disabledApis = new LinkedHashSet<>();
    private InstantSource clock = InstantSource.system();
    private int port;

    private Builder() {}

    /**
     * Sets the time that tokens, keys and checks go by; the system's unless set. {@code
     * InstantSource.fixed(instant)} makes it stand still until a test moves {@link
     * IamEmulator#clock}.
     *
     * @param clock the time source, on top of which the emulator's clock can be moved
     * @return this builder
     */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Adds a project.
     *
     * @param projectId such as {@code demo-project}
     * @return this builder
     */
    public Builder project(String projectId) {
      if (projectId.isBlank() || projectId.indexOf('/') >= 0) {
        throw new IllegalArgumentException(
            "\"" + projectId + "\" is no project id: give one such as demo-project");
      }
      projects.add(projectId);
      return this;
    }

    /**
     * Adds a service account, and its project with it.
     *
     * @param email {@code NAME@PROJECT.iam.gserviceaccount.com}
     * @return this builder
     */
    public Builder serviceAccount(String email) {
      AccountEmail id = parsed(email);
      accounts.add(id);
      return project(id.projectId());
    }

    /**
     * Grants a role on a whole project.
     *
     * @param projectId the project, which is added if need be
     * @param role a predefined role, or a custom role of the project
     * @param member a policy member
     * @return this builder
     */
    public Builder projectBinding(String projectId, String role, String member) {
      grants.add(new Grant(Resource.project(projectId), role, member));
      return project(projectId);
    }

    /**
     * Grants a role on a service account.
     *
     * @param accountEmail the account, which is added if need be
     * @param role a predefined role, or a custom role of the project
     * @param member a policy member
     * @return this builder
     */
    public Builder binding(String accountEmail, String role, String member) {
      AccountEmail id = parsed(accountEmail);
      grants.add(new Grant(Resource.account(id.projectId(), id.email()), role, member));
      return serviceAccount(accountEmail);
    }

    /**
     * Grants a role on a whole project under a condition.
     *
     * @param projectId the project, which is added if need be
     * @param role a predefined role, but none of owner, editor and viewer, or a custom role
     * @param member a policy member, but neither {@code allUsers} nor {@code allAuthenticatedUsers}
     * @param condition the expression, in the Common Expression Language, about {@code
     *     request.time}, {@code resource.name}, {@code resource.service} and {@code resource.type}
     *     of each call; needs {@code dev.cel:cel} on the class path
     * @return this builder
     */
    public Builder projectBinding(String projectId, String role, String member, String condition) {
      grants.add(new Grant(Resource.project(projectId), role, member, condition));
      return project(projectId);
    }

    /**
     * Grants a role on a service account under a condition.
     *
     * @param accountEmail the account, which is added if need be
     * @param role a predefined role, but none of owner, editor and viewer, or a custom role
     * @param member a policy member, but neither {@code allUsers} nor {@code allAuthenticatedUsers}
     * @param condition as in {@link #projectBinding(String, String, String, String)}
     * @return this builder
     */
    public Builder binding(String accountEmail, String role, String member, String condition) {
      AccountEmail id = parsed(accountEmail);
      grants.add(new Grant(Resource.account(id.projectId(), id.email()), role, member, condition));
      return serviceAccount(accountEmail);
    }

    /**
     * Adds a custom role, {@code projects/PROJECT/roles/ID}, to be granted on the project and its
     * service accounts.
     *
     * @param projectId the project, which is added if need be
     * @param roleId 3 to 64 letters, digits, underscores and periods, such as {@code minter}
     * @param permissions what it allows, such as {@code iam.serviceAccounts.getAccessToken}
     * @return this builder
     */
    public Builder customRole(String projectId, String roleId, String... permissions) {
      String name = CustomRoles.requireName("projects/" + projectId + "/roles/" + roleId);
      customRoles.put(name, CustomRoles.requirePermissions(permissions));
      return project(projectId);
    }

    /**
     * Adds a Google group, so that bindings to {@code group:EMAIL} mean its members.
     *
     * @param email such as {@code team@example.com}
     * @param members policy members, such as {@code user:alice@example.com}; other groups too
     * @return this builder
     */
    public Builder group(String email, String... members) {
      groups.put(Groups.requireEmail(email), Groups.requireMembers(members));
      return this;
    }

    /**
     * Adds a virtual machine to Compute Engine's list.
     *
     * @param projectId the project, which is added if need be
     * @param zone such as {@code us-west1-a}
     * @param name such as {@code vm-1}
     * @return this builder
     */
    public Builder instance(String projectId, String zone, String name) {
      instances.add(new Vm(projectId, zone, name));
      return project(projectId);
    }

    /** Where HTTP is served; 0, as unless set, for any free port. */
    Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Lets a service account speak for users, as an administrator of their domain would: with a key
     * of its own and a {@code sub} claim it gets access tokens of theirs.
     *
     * @param accountEmail the account, which is added if need be
     * @param userOrDomain one user's email address, or a domain for everyone in it
     * @param scopes all that such tokens may hold
     * @return this builder
     * @throws IllegalArgumentException if there is no scope, or one is malformed
     */
    public Builder domainWideDelegation(
        String accountEmail, String userOrDomain, String... scopes) {
      delegations.add(Delegations.Delegation.of(accountEmail, userOrDomain, List.of(scopes)));
      return serviceAccount(accountEmail);
    }

    /**
     * Adds a workload identity pool with a provider, which {@link
     * IamEmulator#workloadIdentityProvider} hands out. Subjects are the {@code sub} of its tokens;
     * other attributes are not mapped.
     *
     * @param projectId the project, which is added if need be
     * @param poolId such as {@code ci-pool}: 4 to 32 lower-case letters, digits and dashes
     * @param providerId such as {@code ci-provider}, of the same form
     * @param issuer the {@code iss} of the provider's tokens, an https URL; nothing is fetched
     *     there
     * @param audiences the {@code aud} values to accept; the provider's own name if none is given
     * @return this builder
     * @throws IllegalArgumentException if an id or the issuer is malformed
     */
    public Builder workloadIdentityPool(
        String projectId, String poolId, String providerId, String issuer, String... audiences) {
      pools.add(new WorkloadPool(projectId, poolId, providerId, issuer, List.of(audiences)));
      return project(projectId);
    }

    /**
     * Attaches a service account to the virtual machine that the emulated metadata server serves;
     * without one, that server knows no account.
     *
     * @param accountEmail the account, which is added if need be
     * @return this builder
     */
    public Builder metadataServiceAccount(String accountEmail) {
      metadataAccount = Optional.of(accountEmail);
      return serviceAccount(accountEmail);
    }

    /**
     * Allows access tokens of up to 12 hours for a service account, as {@link
     * EmulatorControls#allowLifetimeExtension} does.
     *
     * @param accountEmail the account, which is added if need be
     * @return this builder
     */
    public Builder allowLifetimeExtension(String accountEmail) {
      longLifetimes.add(parsed(accountEmail).email());
      return serviceAccount(accountEmail);
    }

    /**
     * Disables an API in a project, as {@link EmulatorControls#disableApi} does.
     *
     * @param projectId the project, which is added if need be
     * @param service such as {@code iamcredentials.googleapis.com}
     * @return this builder
     * @throws IllegalArgumentException if it is no API that can be disabled
     */
    public Builder disabledApi(String projectId, String service) {
      disabledApis.add(new ApiSwitches.Disabled(projectId, service));
      return project(projectId);
    }

    /**
     * Adds the world that a JSON file declares.
     *
     * @param file a file as described for {@link #worldJson}
     * @return this builder
     * @throws java.io.UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException if it does not declare a world; says where and why
     */
    public Builder world(Path file) {
      return WorldFile.read(file, this);
    }

    /**
     * Adds the world that a JSON text declares: what the other methods of this builder declare,
     * each field being one of them.
     *
     * <pre>{@code
     * {
     *   "projects": [
     *     {
     *       "projectId": "demo-project",
     *       "bindings": [{"role": "roles/owner", "members": ["user:admin@example.com"]}],
     *       "customRoles": [{"roleId": "signer", "permissions": ["iam.serviceAccounts.signJwt"]}],
     *       "workloadIdentityPools": [
     *         {
     *           "poolId": "ci-pool",
     *           "providerId": "ci-provider",
     *           "issuer": "https://ci.example.com",
     *           "audiences": ["https://audience.example.com"]
     *         }
     *       ],
     *       "disabledApis": ["compute.googleapis.com"]
     *     }
     *   ],
     *   "serviceAccounts": [
     *     {
     *       "email": "sa-1@demo-project.iam.gserviceaccount.com",
     *       "bindings": [
     *         {
     *           "role": "roles/iam.serviceAccountTokenCreator",
     *           "members": ["group:team@example.com"],
     *           "condition": {"expression": "request.time < timestamp('2030-01-01T00:00:00Z')"}
     *         }
     *       ],
     *       "domainWideDelegation": [
     *         {"userOrDomain": "example.com", "scopes": ["https://www.googleapis.com/auth/drive"]}
     *       ],
     *       "allowLifetimeExtension": true
     *     }
     *   ],
     *   "groups": [{"email": "team@example.com", "members": ["user:alice@example.com"]}],
     *   "instances": [{"project": "demo-project", "zone": "us-west1-a", "name": "vm-1"}],
     *   "metadataServiceAccount": "sa-1@demo-project.iam.gserviceaccount.com"
     * }
     * }</pre>
     *
     * <p>Every list but {@code members}, {@code permissions} and {@code scopes} may be left out,
     * and so may {@code allowLifetimeExtension}, {@code condition} and {@code
     * metadataServiceAccount}. Users need no declaration: they are the members of bindings.
     *
     * @param json the world
     * @return this builder, which is of no use if this method threw
     * @throws IllegalArgumentException if it is not JSON, or a field is unknown, missing or wrong;
     *     names its JSON path, the rule and the fix
     */
    public Builder worldJson(String json) {
      return WorldFile.read(json, this);
    }

    /**
     * Starts the emulator on free ports.
     *
     * @return the running emulator, to be closed by the caller
     * @throws IllegalArgumentException if a binding names a custom role that is not there, or its
     *     condition is invalid or lacks {@code dev.cel:cel} on the class path
     * @throws java.io.UncheckedIOException if the loopback interface gives no port
     */
    public IamEmulator start() {
      return new IamEmulator(spec(), new EmulatorClock(clock), port);
    }

    private WorldSpec spec() {
      return new WorldSpec(
          projects,
          accounts,
          grants,
          instances,
          new CustomRoles(customRoles),
          new Groups(groups),
          new SignInSpec(delegations, pools, metadataAccount),
          new Knobs.Declared(longLifetimes, disabledApis));
    }

    private static AccountEmail parsed(String email) {
      return AccountEmail.parse(email)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "\""
                          + email
                          + "\" is no service account's email: give"
                          + " NAME@PROJECT.iam.gserviceaccount.com"));
    }
  }
}
