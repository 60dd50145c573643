package io.github.shortlived.testing;

import io.github.shortlived.testing.internal.world.WorldFile;
import io.github.shortlived.testing.internal.world.WorldSpec;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/**
 * Declares the world an {@link IamEmulator} starts with, in any order. Naming a project anywhere
 * declares it, and so does naming an account of it; accounts are declared by {@link
 * #serviceAccount} alone. Wrong values are refused at once, what is named but not declared by
 * {@link #start}, each with the rule and the fix. Not safe for concurrent use; only {@link #start}
 * blocks, until the servers run.
 */
public final class EmulatorBuilder {
  private final WorldSpec.Builder spec = new WorldSpec.Builder();
  private InstantSource clock = InstantSource.system();
  private int port;

  EmulatorBuilder() {}

  /**
   * Sets the time that tokens, keys and checks go by; the system's unless set. {@code
   * InstantSource.fixed(instant)} makes it stand still until a test moves {@link
   * IamEmulator#clock}.
   *
   * @param clock the time source, on top of which the emulator's clock can be moved
   * @return this builder
   */
  public EmulatorBuilder clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Adds a project.
   *
   * @param projectId such as {@code demo-project}
   * @return this builder
   */
  public EmulatorBuilder project(String projectId) {
    spec.project(projectId);
    return this;
  }

  /**
   * Adds a service account, and its project with it.
   *
   * @param email {@code NAME@PROJECT.iam.gserviceaccount.com}
   * @return this builder
   */
  public EmulatorBuilder serviceAccount(String email) {
    spec.account(email);
    return this;
  }

  /**
   * Grants a role on a whole project.
   *
   * @param projectId the project, which is added if need be
   * @param role a predefined role, or a custom role of the project
   * @param member a policy member; a service account of this world's projects must be declared
   * @return this builder
   */
  public EmulatorBuilder projectBinding(String projectId, String role, String member) {
    spec.projectGrant(projectId, role, member, null);
    return this;
  }

  /**
   * Grants a role on a service account.
   *
   * @param accountEmail an account that this builder declares
   * @param role a predefined role, or a custom role of the project
   * @param member a policy member; a service account of this world's projects must be declared
   * @return this builder
   */
  public EmulatorBuilder binding(String accountEmail, String role, String member) {
    spec.accountGrant(accountEmail, role, member, null);
    return this;
  }

  /**
   * Grants a role on a whole project under a condition.
   *
   * @param projectId the project, which is added if need be
   * @param role a predefined role, but none of owner, editor and viewer, or a custom role
   * @param member a policy member, but neither {@code allUsers} nor {@code allAuthenticatedUsers}
   * @param condition the expression, in the Common Expression Language, about {@code request.time},
   *     {@code resource.name}, {@code resource.service} and {@code resource.type} of each call;
   *     needs {@code dev.cel:cel} on the class path
   * @return this builder
   */
  public EmulatorBuilder projectBinding(
      String projectId, String role, String member, String condition) {
    spec.projectGrant(projectId, role, member, condition);
    return this;
  }

  /**
   * Grants a role on a service account under a condition.
   *
   * @param accountEmail an account that this builder declares
   * @param role a predefined role, but none of owner, editor and viewer, or a custom role
   * @param member a policy member, but neither {@code allUsers} nor {@code allAuthenticatedUsers}
   * @param condition as in {@link #projectBinding(String, String, String, String)}
   * @return this builder
   */
  public EmulatorBuilder binding(
      String accountEmail, String role, String member, String condition) {
    spec.accountGrant(accountEmail, role, member, condition);
    return this;
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
  public EmulatorBuilder customRole(String projectId, String roleId, String... permissions) {
    spec.customRole(projectId, roleId, permissions);
    return this;
  }

  /**
   * Adds a Google group, so that bindings to {@code group:EMAIL} mean its members.
   *
   * @param email such as {@code team@example.com}
   * @param members policy members, such as {@code user:alice@example.com}; other groups too
   * @return this builder
   */
  public EmulatorBuilder group(String email, String... members) {
    spec.group(email, members);
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
  public EmulatorBuilder instance(String projectId, String zone, String name) {
    spec.instance(projectId, zone, name);
    return this;
  }

  /** Where HTTP is served; 0, as unless set, for any free port. */
  EmulatorBuilder port(int port) {
    this.port = port;
    return this;
  }

  /**
   * Lets a service account speak for users, as an administrator of their domain would: with a key
   * of its own and a {@code sub} claim it gets access tokens of theirs.
   *
   * @param accountEmail an account that this builder declares
   * @param userOrDomain one user's email address, or a domain for everyone in it
   * @param scopes all that such tokens may hold
   * @return this builder
   * @throws IllegalArgumentException if there is no scope, or one is malformed
   */
  public EmulatorBuilder domainWideDelegation(
      String accountEmail, String userOrDomain, String... scopes) {
    spec.delegation(accountEmail, userOrDomain, scopes);
    return this;
  }

  /**
   * Adds a workload identity pool with a provider, which {@link
   * IamEmulator#workloadIdentityProvider} hands out. Subjects are the {@code sub} of its tokens
   * unless {@link #attributeMapping} says otherwise.
   *
   * @param projectId the project, which is added if need be
   * @param poolId such as {@code ci-pool}: 4 to 32 lower-case letters, digits and dashes
   * @param providerId such as {@code ci-provider}, of the same form
   * @param issuer the {@code iss} of the provider's tokens, an https URL; nothing is fetched there
   * @param audiences the {@code aud} values to accept; the provider's own name if none is given
   * @return this builder
   * @throws IllegalArgumentException if an id or the issuer is malformed
   */
  public EmulatorBuilder workloadIdentityPool(
      String projectId, String poolId, String providerId, String issuer, String... audiences) {
    spec.pool(projectId, poolId, providerId, issuer, audiences);
    return this;
  }

  /**
   * Maps what a provider's tokens claim to what policies name: {@code google.subject} as {@code
   * principal://…/subject/SUBJECT}, {@code google.groups} as {@code principalSet://…/group/GROUP}
   * and {@code attribute.NAME} as {@code principalSet://…/attribute.NAME/VALUE}. Needs {@code
   * dev.cel:cel} on the class path.
   *
   * @param projectId the pool's project
   * @param poolId the pool
   * @param providerId its provider, which this builder declares
   * @param mapping expressions over {@code assertion}, the token's claims, by attribute, such as
   *     {@code assertion.repository} by {@code attribute.repository}; {@code google.subject} must
   *     be among them
   * @return this builder
   * @throws IllegalArgumentException if an attribute is none, or {@code google.subject} is missing
   */
  public EmulatorBuilder attributeMapping(
      String projectId, String poolId, String providerId, Map<String, String> mapping) {
    spec.attributeMapping(projectId, poolId, providerId, mapping);
    return this;
  }

  /**
   * Takes only those of a provider's tokens of which a condition is true. Needs {@code dev.cel:cel}
   * on the class path.
   *
   * @param projectId the pool's project
   * @param poolId the pool
   * @param providerId its provider, which this builder declares
   * @param condition an expression over {@code assertion}, {@code google} and {@code attribute},
   *     such as {@code assertion.ref == 'refs/heads/main'} or {@code 'admins' in google.groups}
   * @return this builder
   */
  public EmulatorBuilder attributeCondition(
      String projectId, String poolId, String providerId, String condition) {
    spec.attributeCondition(projectId, poolId, providerId, condition);
    return this;
  }

  /**
   * Attaches a service account to the virtual machine that the emulated metadata server serves;
   * without one, that server knows no account.
   *
   * @param accountEmail an account that this builder declares
   * @return this builder
   */
  public EmulatorBuilder metadataServiceAccount(String accountEmail) {
    spec.metadataAccount(accountEmail);
    return this;
  }

  /**
   * Allows access tokens of up to 12 hours for a service account, as {@link
   * EmulatorControls#allowLifetimeExtension} does.
   *
   * @param accountEmail an account that this builder declares
   * @return this builder
   */
  public EmulatorBuilder allowLifetimeExtension(String accountEmail) {
    spec.longLifetime(accountEmail);
    return this;
  }

  /**
   * Disables a service account, as the IAM API's {@code disable} does: it cannot call and cannot be
   * impersonated until it is enabled.
   *
   * @param accountEmail an account that this builder declares
   * @return this builder
   */
  public EmulatorBuilder disabledServiceAccount(String accountEmail) {
    spec.disabledAccount(accountEmail);
    return this;
  }

  /**
   * Disables an API in a project, as {@link EmulatorControls#disableApi} does.
   *
   * @param projectId the project, which is added if need be
   * @param service such as {@code iamcredentials.googleapis.com}
   * @return this builder
   * @throws IllegalArgumentException if it is no API that can be disabled
   */
  public EmulatorBuilder disabledApi(String projectId, String service) {
    spec.disabledApi(projectId, service);
    return this;
  }

  /**
   * Adds the world that a JSON file declares.
   *
   * @param file a file as described for {@link #worldJson}
   * @return this builder
   * @throws java.io.UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if it does not declare a world; says where and why
   */
  public EmulatorBuilder world(Path file) {
    WorldFile.read(file, spec);
    return this;
  }

  /**
   * Adds the world that a JSON text declares: what the other methods of this builder declare, each
   * field being one of them.
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
   *           "audiences": ["https://audience.example.com"],
   *           "attributeMapping": {"google.subject": "assertion.sub"},
   *           "attributeCondition": "assertion.repository_owner == 'octo'"
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
   *       "allowLifetimeExtension": true,
   *       "disabled": false
   *     }
   *   ],
   *   "groups": [{"email": "team@example.com", "members": ["user:alice@example.com"]}],
   *   "instances": [{"project": "demo-project", "zone": "us-west1-a", "name": "vm-1"}],
   *   "metadataServiceAccount": "sa-1@demo-project.iam.gserviceaccount.com"
   * }
   * }</pre>
   *
   * <p>Every list but {@code members}, {@code permissions} and {@code scopes} may be left out, and
   * so may {@code allowLifetimeExtension}, {@code disabled}, {@code condition} and {@code
   * metadataServiceAccount}. Users need no declaration: they are the members of bindings.
   *
   * @param json the world
   * @return this builder, which is of no use if this method threw
   * @throws IllegalArgumentException if it is not JSON, or a field is unknown, missing or wrong;
   *     names its JSON path, the rule and the fix
   */
  public EmulatorBuilder worldJson(String json) {
    WorldFile.read(json, spec);
    return this;
  }

  /**
   * Starts the emulator on free ports.
   *
   * @return the running emulator, to be closed by the caller
   * @throws IllegalArgumentException if something is declared about a service account that is not,
   *     a binding or group names an account that its project in this world has not got, a binding
   *     names a custom role that is not there, attributes are mapped for a provider that is not
   *     declared, or an expression is invalid or lacks {@code dev.cel:cel} on the class path
   * @throws java.io.UncheckedIOException if the loopback interface gives no port
   */
  public IamEmulator start() {
    return new IamEmulator(spec(), new EmulatorClock(clock), port);
  }

  WorldSpec spec() {
    return spec.build();
  }
}
