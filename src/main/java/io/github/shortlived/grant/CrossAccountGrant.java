package io.github.shortlived.grant;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.IamRoles;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The bindings that let a member issue credentials of a service account, directly or along a
 * delegation chain: on each account of the way, a role for the one before it. It may end by itself
 * ({@link #expiringIn}, {@link #until}) and depend on a condition ({@link #onlyIf}), both of which
 * each binding then carries. A value; {@link Grants} plans, applies and revokes it. Immutable.
 *
 * @param bindings what is granted, in travel order
 * @param lifetime how long the grant holds from when it is made, if it was {@link #expiringIn}
 */
public record CrossAccountGrant(List<Binding> bindings, Optional<Duration> lifetime) {
  /** The role that lets its holder issue all four kinds of credentials, and delegate. */
  public static final String TOKEN_CREATOR = IamRoles.TOKEN_CREATOR;

  /** The role that lets its holder issue ID tokens, and nothing else. */
  public static final String OPEN_ID_TOKEN_CREATOR = IamRoles.OPEN_ID_TOKEN_CREATOR;

  /** The role that lets a federated identity issue access tokens and ID tokens. */
  public static final String WORKLOAD_IDENTITY_USER = IamRoles.WORKLOAD_IDENTITY_USER;

  /**
   * Copies the list.
   *
   * @throws CredentialException.InvalidRequest if the lifetime is shorter than a second
   */
  public CrossAccountGrant {
    bindings = ImmutableList.copyOf(bindings);
    lifetime.ifPresent(GrantValidation::checkLifetime);
  }

  /** Exactly these bindings, such as an earlier plan or a policy told them. */
  public CrossAccountGrant(List<Binding> bindings) {
    this(bindings, Optional.empty());
  }

  /**
   * The grants that a refused request needs, as one.
   *
   * @param required such as {@link CredentialException.PermissionDenied#requiredGrants()}
   * @throws CredentialException.InvalidRequest if there are none, or one is for a member that the
   *     source credentials did not tell
   */
  public static CrossAccountGrant of(Collection<RequiredGrant> required) {
    return new CrossAccountGrant(GrantValidation.checkRequired(required));
  }

  /** Starts a grant of {@value #TOKEN_CREATOR} to this member. */
  public static Draft tokenCreator(Member member) {
    return role(TOKEN_CREATOR, member);
  }

  /**
   * Starts a grant of {@value #TOKEN_CREATOR} to this service account.
   *
   * @throws CredentialException.InvalidRequest if it is named by its unique id: policies know
   *     members by email address
   */
  public static Draft tokenCreator(ServiceAccount member) {
    return tokenCreator(Member.of(member));
  }

  /** Starts a grant of {@value #OPEN_ID_TOKEN_CREATOR} to this member. */
  public static Draft openIdTokenCreator(Member member) {
    return role(OPEN_ID_TOKEN_CREATOR, member);
  }

  /**
   * Starts a grant of {@value #OPEN_ID_TOKEN_CREATOR} to this service account.
   *
   * @throws CredentialException.InvalidRequest if it is named by its unique id
   */
  public static Draft openIdTokenCreator(ServiceAccount member) {
    return openIdTokenCreator(Member.of(member));
  }

  /**
   * Starts a grant of {@value #WORKLOAD_IDENTITY_USER} to this member, such as a {@code
   * principalSet://…} of a workload identity pool or a Kubernetes service account.
   */
  public static Draft workloadIdentityUser(Member member) {
    return role(WORKLOAD_IDENTITY_USER, member);
  }

  /**
   * Starts a grant of any role that service accounts' policies take.
   *
   * @param role such as {@code roles/iam.serviceAccountUser} or {@code projects/PROJECT/roles/ROLE}
   * @param member who is to hold it
   * @throws CredentialException.InvalidRequest if it is not the name of a role, or the member
   *     cannot be granted anything
   */
  public static Draft role(String role, Member member) {
    return new Draft(GrantValidation.checkRole(role), GrantValidation.checkMember(member));
  }

  /**
   * The same grant, which ends this long after it is applied, by a condition on {@code
   * request.time}. {@link Grants#plan} fixes the instant, to the second. The bindings stay in the
   * policies, without effect, until {@link Grants#planSweep(java.util.Collection)} removes them.
   * Applied again, the grant is another one, with a later end beside the first: Google's limit of
   * 20 conditions for one role and member counts those that have ended too. Apply a plan again for
   * the same one.
   *
   * @param lifetime at least a second
   * @throws CredentialException.InvalidRequest if it is not, or the grant ends already
   */
  public CrossAccountGrant expiringIn(Duration lifetime) {
    GrantValidation.checkNoExpiry(this);
    return new CrossAccountGrant(bindings, Optional.of(lifetime));
  }

  /**
   * The same grant, which ends at this instant, to the second, by a condition on {@code
   * request.time}.
   *
   * @throws CredentialException.InvalidRequest if the grant ends already
   */
  public CrossAccountGrant until(Instant end) {
    GrantValidation.checkNoExpiry(this);
    return each(binding -> binding.withExpiry(end));
  }

  /**
   * The same grant, whose bindings count only while this condition is true.
   *
   * @throws CredentialException.InvalidRequest if there is one already, or it breaks a limit
   */
  public CrossAccountGrant onlyIf(Condition condition) {
    GrantValidation.check(condition);
    GrantValidation.checkUnconditional(this);
    return each(
        binding ->
            binding.withCondition(binding.expiry().map(condition::withExpiry).orElse(condition)));
  }

  /** The grant with a fixed end, if it is made now. */
  CrossAccountGrant resolvedAt(Instant now) {
    return lifetime
        .map(length -> new CrossAccountGrant(bindings).until(GrantValidation.end(now, length)))
        .orElse(this);
  }

  private CrossAccountGrant each(UnaryOperator<Binding> change) {
    return new CrossAccountGrant(bindings.stream().map(change).toList(), lifetime);
  }

  /** {@return one line per binding} */
  @Override
  public String toString() {
    String end = lifetime.map(length -> ", for " + length + " from when it is made").orElse("");
    return bindings.stream().map(binding -> binding + end).collect(Collectors.joining("\n"));
  }

  /** A grant that still lacks the accounts it is for. Immutable. */
  public static final class Draft {
    private final String role;
    private final Member member;

    private Draft(String role, Member member) {
      this.role = role;
      this.member = member;
    }

    /** {@return the grant for direct requests: the role on this account, for the member} */
    public CrossAccountGrant on(ServiceAccount account) {
      return new CrossAccountGrant(List.of(new Binding(account, role, member)));
    }

    /**
     * {@return the grant for delegated requests: the role on the chain's target, for the last
     * delegate; and on each delegate {@value CrossAccountGrant#TOKEN_CREATOR}, which delegating
     * takes, for the one before it: on the first for the member}
     *
     * @throws CredentialException.InvalidRequest if the member is in the chain itself, or a
     *     delegate is named by its unique id: policies know members by email address
     */
    public CrossAccountGrant along(DelegationChain chain) {
      ImmutableList.Builder<Binding> bindings = ImmutableList.builder();
      Member holder = member;
      for (ServiceAccount delegate : chain.delegates()) {
        GrantValidation.checkNotIn(member, delegate);
        bindings.add(new Binding(delegate, TOKEN_CREATOR, holder));
        holder = Member.of(delegate);
      }
      GrantValidation.checkNotIn(member, chain.target());
      bindings.add(new Binding(chain.target(), role, holder));
      return new CrossAccountGrant(bindings.build());
    }
  }
}
