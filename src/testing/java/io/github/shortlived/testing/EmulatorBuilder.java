package io.github.shortlived.testing;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.testing.internal.world.WorldFile;
import io.github.shortlived.testing.internal.world.WorldSpec;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/**
 * Declares the projects, service accounts, policies and instances with which an {@link IamEmulator}
 * starts. The order of the calls does not matter. A method that takes a project id adds the
 * project; only {@link #serviceAccount} adds a service account. Each method checks its values, and
 * {@link #start} checks the references between them; the messages name the value, the rule and the
 * fix.
 *
 * <p>Not safe for concurrent use. Only {@link #start} blocks, until the servers run.
 */
public final class EmulatorBuilder {
  private final WorldSpec.Builder spec = new WorldSpec.Builder();
  private InstantSource clock = InstantSource.system();
  private int port;

  EmulatorBuilder() {}

  /**
   * Sets the clock for tokens, keys and conditions; the system clock by default. {@link
   * IamEmulator#clock} starts at its time and moves with it, so {@code
   * InstantSource.fixed(instant)} makes a clock that only the test moves.
   */
  public EmulatorBuilder clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /** Adds a project, such as {@code demo-project}. */
  public EmulatorBuilder project(String projectId) {
    spec.project(projectId);
    return this;
  }

  /**
   * Adds a service account. A project in its email is added, too; a project number in its email
   * must be that of a project that this builder declares.
   *
   * @param email {@code NAME@PROJECT.iam.gserviceaccount.com}, or that of a default account: {@code
   *     NUMBER-compute@developer.gserviceaccount.com}, {@code PROJECT@appspot.gserviceaccount.com}
   *     or {@code NUMBER@cloudservices.gserviceaccount.com}
   * @see IamEmulator#projectNumber
   */
  public EmulatorBuilder serviceAccount(String email) {
    spec.account(email);
    return this;
  }

  /**
   * Grants a role on a project.
   *
   * @param role a predefined role, or a custom role of the project
   * @param member a policy member; a service account of a project in this world must be declared
   */
  public EmulatorBuilder projectBinding(String projectId, String role, String member) {
    spec.projectBinding(projectId, role, member, null);
    return this;
  }

  /**
   * Grants a role on a service account, with the same rules as {@link #projectBinding(String,
   * String, String)}.
   *
   * @param accountEmail an account that this builder declares
   */
  public EmulatorBuilder binding(String accountEmail, String role, String member) {
    spec.binding(accountEmail, role, member, null);
    return this;
  }

  /**
   * Grants a role on a project under a condition. Needs {@code dev.cel:cel} on the class path.
   *
   * @param role a predefined role except owner, editor and viewer, or a custom role of the project
   * @param member a policy member except {@code allUsers} and {@code allAuthenticatedUsers}
   * @param condition an expression in the Common Expression Language over {@code request.time},
   *     {@code resource.name}, {@code resource.service} and {@code resource.type}
   */
  public EmulatorBuilder projectBinding(
      String projectId, String role, String member, String condition) {
    spec.projectBinding(projectId, role, member, condition);
    return this;
  }

  /**
   * Grants a role on a service account under a condition, with the same rules as {@link
   * #projectBinding(String, String, String, String)}.
   *
   * @param accountEmail an account that this builder declares
   */
  public EmulatorBuilder binding(
      String accountEmail, String role, String member, String condition) {
    spec.binding(accountEmail, role, member, condition);
    return this;
  }

  /**
   * Adds the custom role {@code projects/PROJECT/roles/ID}, which can be granted on the project and
   * its service accounts.
   *
   * @param roleId 3 to 64 letters, digits, underscores and periods, such as {@code signer}
   * @param permissions such as {@code iam.serviceAccounts.signBlob}
   */
  public EmulatorBuilder customRole(String projectId, String roleId, String... permissions) {
    spec.customRole(projectId, roleId, permissions);
    return this;
  }

  /**
   * Adds a Google group. A binding to {@code group:EMAIL} applies to its members.
   *
   * @param email such as {@code team@example.com}
   * @param members policy members, such as {@code user:alice@example.com} or another group
   */
  public EmulatorBuilder group(String email, String... members) {
    spec.group(email, members);
    return this;
  }

  /**
   * Adds a Compute Engine instance.
   *
   * @param zone such as {@code us-west1-a}
   * @param name such as {@code vm-1}
   */
  public EmulatorBuilder instance(String projectId, String zone, String name) {
    spec.instance(projectId, zone, name);
    return this;
  }

  /** Sets the port of the HTTP server; 0, the default, means any free port. */
  EmulatorBuilder port(int port) {
    this.port = port;
    return this;
  }

  /**
   * Adds an OAuth scope to those that Google's APIs publish: a new or unpublished one. The emulator
   * refuses unknown scopes, as Google does.
   *
   * @param scope such as {@code https://www.googleapis.com/auth/new-api.readonly}
   */
  public EmulatorBuilder oauthScope(String scope) {
    spec.oauthScope(scope);
    return this;
  }

  /**
   * Delegates domain-wide authority to a service account: with its own key and a {@code sub} claim
   * it gets access tokens of users.
   *
   * @param accountEmail an account that this builder declares
   * @param userOrDomain the email address of one user, or a domain for all its users
   * @param scopes all scopes that such tokens may have
   * @throws IllegalArgumentException if there is no scope
   */
  public EmulatorBuilder domainWideDelegation(
      String accountEmail, String userOrDomain, String... scopes) {
    spec.delegation(accountEmail, userOrDomain, scopes);
    return this;
  }

  /**
   * Adds a workload identity pool with a provider, for {@link
   * IamEmulator#workloadIdentityProvider}. The subject of a workload is the {@code sub} of its
   * token, unless {@link #attributeMapping} maps another claim.
   *
   * @param poolId such as {@code ci-pool}: 4 to 32 lower-case letters, digits and dashes
   * @param providerId such as {@code ci-provider}, of the same form
   * @param issuer the {@code iss} of the provider's tokens, an https URL that is never fetched
   * @param audiences the accepted {@code aud} values. The default is the resource name of the
   *     provider.
   * @throws IllegalArgumentException if an id or the issuer is malformed
   */
  public EmulatorBuilder workloadIdentityPool(
      String projectId, String poolId, String providerId, String issuer, String... audiences) {
    spec.pool(projectId, poolId, providerId, issuer, audiences);
    return this;
  }

  /**
   * Maps claims of a provider's tokens to attributes in policies: {@code google.subject} to {@code
   * principal://…/subject/SUBJECT}, {@code google.groups} to {@code principalSet://…/group/GROUP}
   * and {@code attribute.NAME} to {@code principalSet://…/attribute.NAME/VALUE}. Needs {@code
   * dev.cel:cel} on the class path.
   *
   * @param providerId a provider that this builder declares
   * @param mapping for each attribute an expression over {@code assertion}, the claims of the
   *     token, such as {@code assertion.repository}; {@code google.subject} is required
   * @throws IllegalArgumentException if an attribute is unknown, or {@code google.subject} is
   *     missing
   */
  public EmulatorBuilder attributeMapping(
      String projectId, String poolId, String providerId, Map<String, String> mapping) {
    spec.attributeMapping(projectId, poolId, providerId, mapping);
    return this;
  }

  /**
   * Accepts only the tokens of a provider that meet a condition. Needs {@code dev.cel:cel} on the
   * class path.
   *
   * @param providerId a provider that this builder declares
   * @param condition an expression over {@code assertion}, {@code google} and {@code attribute},
   *     such as {@code assertion.ref == 'refs/heads/main'} or {@code 'admins' in google.groups}
   */
  public EmulatorBuilder attributeCondition(
      String projectId, String poolId, String providerId, String condition) {
    spec.attributeCondition(projectId, poolId, providerId, condition);
    return this;
  }

  /**
   * Attaches a service account that this builder declares to the emulated metadata server. Without
   * it, the metadata server has no account.
   */
  public EmulatorBuilder metadataServiceAccount(String accountEmail) {
    spec.metadataAccount(accountEmail);
    return this;
  }

  /**
   * Allows access tokens of up to 12 hours for a service account that this builder declares, as
   * {@link EmulatorControls#allowLifetimeExtension} does.
   */
  public EmulatorBuilder allowLifetimeExtension(String accountEmail) {
    spec.allowLifetimeExtension(accountEmail);
    return this;
  }

  /**
   * Disables a service account that this builder declares, as the IAM API's {@code disable} does:
   * until it is enabled, it cannot call and cannot be impersonated.
   */
  public EmulatorBuilder disabledServiceAccount(String accountEmail) {
    spec.disabledAccount(accountEmail);
    return this;
  }

  /**
   * Disables an API in a project, as {@link EmulatorControls#disableApi} does.
   *
   * @param service such as {@code iamcredentials.googleapis.com}
   * @throws IllegalArgumentException if the emulator cannot disable this API
   */
  public EmulatorBuilder disabledApi(String projectId, String service) {
    spec.disabledApi(projectId, service);
    return this;
  }

  /**
   * Adds the declarations in a JSON file, as {@link #worldJson} does.
   *
   * @throws java.io.UncheckedIOException if the file cannot be read
   * @throws IllegalArgumentException as for {@link #worldJson}; the message names the file
   */
  public EmulatorBuilder world(Path file) {
    WorldFile.read(file, spec);
    return this;
  }

  /**
   * Adds the declarations in a JSON text, such as {@code {"serviceAccounts": [{"email":
   * "sa-1@demo-project.iam.gserviceaccount.com"}]}}. Each of its fields does what one method of
   * this builder does; the page on the emulator lists them all, with an example. If this method
   * throws, the builder is no longer usable.
   *
   * @throws IllegalArgumentException if the text is not JSON, or a field is unknown, missing or
   *     wrong; the message names its JSON path, the rule and the fix
   */
  public EmulatorBuilder worldJson(String json) {
    WorldFile.read(json, spec);
    return this;
  }

  /**
   * Starts the emulator on free ports. The caller closes it.
   *
   * @throws IllegalArgumentException if a declaration refers to a service account, custom role,
   *     provider or scope that is not declared or known, or if an expression is invalid or needs
   *     {@code dev.cel:cel}, which is not on the class path
   * @throws CredentialException.UnmetDependency if a library is missing or too old
   * @throws java.io.UncheckedIOException if no port of the loopback interface is available
   */
  public IamEmulator start() {
    try {
      return new IamEmulator(spec(), new EmulatorClock(clock), port);
    } catch (RuntimeException | Error e) {
      InternalExceptions.throwIfUnmetDependency(e);
      throw e;
    }
  }

  WorldSpec spec() {
    return spec.build();
  }

  @Override
  public String toString() {
    return "EmulatorBuilder";
  }
}
