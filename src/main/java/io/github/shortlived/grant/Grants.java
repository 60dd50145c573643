package io.github.shortlived.grant;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.collect.ImmutableList;
import com.google.iam.v1.Policy;
import io.github.shortlived.CredentialException;
import io.github.shortlived.Member;
import io.github.shortlived.RequiredGrant;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.Scopes;
import io.github.shortlived.ServiceAccount;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.PolicyChange.Kind;
import io.github.shortlived.internal.Deadline;
import io.github.shortlived.internal.GoogleClient;
import io.github.shortlived.internal.Retrier;
import io.github.shortlived.internal.ServiceFailure;
import io.github.shortlived.internal.Source;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Applies and revokes {@link CrossAccountGrant}s: reads the policy of each service account with its
 * conditions, changes the one binding, and writes it back under the etag it was read with. If
 * someone else wrote in between, the whole cycle is repeated. Nothing else in a policy changes; a
 * policy that is as wanted already is not written.
 *
 * <p>The caller needs {@code iam.serviceAccounts.getIamPolicy} and {@code
 * iam.serviceAccounts.setIamPolicy} on the accounts, as in {@code roles/iam.serviceAccountAdmin}. A
 * change takes effect after some minutes: typically 2, sometimes 7 or more.
 *
 * <p>Thread-safe. Calls block. Failures are {@link CredentialException}s; of a grant with several
 * bindings the ones before the failure are in place, and the grant can be applied again. After
 * {@link #close()} calls throw {@link IllegalStateException}.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/setIamPolicy">
 *     setIamPolicy</a>
 */
public final class Grants implements AutoCloseable {
  private static final String POLICY_ADMIN = "roles/iam.serviceAccountAdmin";

  private final PolicyStore policies;
  private final Retrier retrier;
  private final Source source;
  private volatile boolean closed;

  Grants(Source source, PolicyStore policies, RetryPolicy policy) {
    this.source = source;
    this.policies = policies;
    this.retrier =
        Retrier.of(
            policy.initialDelay(), policy.maxDelay(), policy.totalTimeout(), policy.retries());
  }

  /**
   * Edits policies as the Application Default Credentials.
   *
   * @throws CredentialException.SourceCredentials if there are none
   */
  public static Grants create() {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      return using(credentials);
    }
  }

  /** Edits policies as these credentials, of any type that google-auth knows. */
  public static Grants from(GoogleCredentials source) {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.from(source)) {
      return using(credentials);
    }
  }

  /**
   * Edits policies as the caller of these credentials, with their endpoints and retry policy,
   * sharing their source token. Closing either leaves the other open.
   */
  public static Grants using(ShortLivedCredentials credentials) {
    Source source = Source.of(credentials.sourceCredentials(), Scopes.CLOUD_PLATFORM);
    try {
      PolicyStore policies =
          new IamPolicyStore(GoogleClient.iam(credentials.endpoints().iam()), source);
      return new Grants(source, policies, credentials.retryPolicy());
    } catch (IOException e) {
      throw CredentialException.from(e, "Starting the IAM client", List.of());
    }
  }

  /**
   * Makes the grant, binding by binding in travel order.
   *
   * @return what became of each binding; one that was there already is {@link Kind#UNCHANGED}
   * @throws CredentialException if a policy cannot be read or written
   */
  public List<PolicyChange> apply(CrossAccountGrant grant) {
    return edit(grant, Kind.ADDED, PolicyEdits::add);
  }

  /**
   * Takes the grant back: each of its members from its binding, and nothing else. Idempotent.
   *
   * @return what became of each binding; one that was not there is {@link Kind#UNCHANGED}
   * @throws CredentialException if a policy cannot be read or written
   */
  public List<PolicyChange> revoke(CrossAccountGrant grant) {
    return edit(grant, Kind.REMOVED, PolicyEdits::remove);
  }

  /** Closes the connection. */
  @Override
  public void close() {
    closed = true;
    policies.close();
  }

  private List<PolicyChange> edit(
      CrossAccountGrant grant,
      Kind kind,
      BiFunction<Policy, CrossAccountGrant.Binding, Optional<Policy>> edit) {
    if (closed) {
      throw new IllegalStateException("These Grants are closed");
    }
    ImmutableList.Builder<PolicyChange> changes = ImmutableList.builder();
    for (CrossAccountGrant.Binding binding : grant.bindings()) {
      boolean written = readModifyWrite(binding, edit);
      changes.add(new PolicyChange(written ? kind : Kind.UNCHANGED, binding));
    }
    return changes.build();
  }

  private boolean readModifyWrite(
      CrossAccountGrant.Binding binding,
      BiFunction<Policy, CrossAccountGrant.Binding, Optional<Policy>> edit) {
    ServiceAccount account = binding.account();
    try {
      return retrier.call(new Cycle(binding, edit), Grants::worthAnotherCycle);
    } catch (Exception e) {
      throw CredentialException.from(e, "Editing the policy of " + account, () -> needed(account));
    }
  }

  private static boolean worthAnotherCycle(Exception e) {
    ServiceFailure failure = ServiceFailure.of(e);
    return failure.retryable() || failure.status() == Code.ABORTED;
  }

  private List<RequiredGrant> needed(ServiceAccount account) {
    Optional<Member> caller = source.memberIfKnown().map(Member::of);
    return List.of(new RequiredGrant(account, POLICY_ADMIN, caller));
  }

  /**
   * Reads, changes and writes one policy. A write whose answer was lost may have been made: where a
   * later cycle finds the policy as wanted, the change is ours.
   */
  private final class Cycle implements Retrier.Attempt<Boolean> {
    private final CrossAccountGrant.Binding binding;
    private final BiFunction<Policy, CrossAccountGrant.Binding, Optional<Policy>> edit;
    private boolean mayHaveWritten;

    private Cycle(
        CrossAccountGrant.Binding binding,
        BiFunction<Policy, CrossAccountGrant.Binding, Optional<Policy>> edit) {
      this.binding = binding;
      this.edit = edit;
    }

    @Override
    public Boolean call(Deadline deadline) throws Exception {
      Optional<Policy> edited = edit.apply(policies.read(binding.account(), deadline), binding);
      if (edited.isEmpty()) {
        return mayHaveWritten;
      }
      try {
        policies.write(binding.account(), edited.get(), deadline);
        return true;
      } catch (Exception e) {
        mayHaveWritten |= ServiceFailure.of(e).retryable();
        throw e;
      }
    }
  }
}
