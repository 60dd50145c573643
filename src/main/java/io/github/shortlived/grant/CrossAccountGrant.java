package io.github.shortlived.grant;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The bindings that allow a member to issue credentials of a service account, directly or along a
 * delegation chain: on each account, a role for the account before it. A grant can have one expiry
 * ({@link #expiringIn} or {@link #until}) and one condition ({@link #onlyIf}), which apply to each
 * binding. {@link Grants} plans, applies and revokes it. Immutable.
 *
 * @param bindings the bindings, in order from the caller to the target
 * @param lifetime the time from applying the grant to its expiry, at least 1 second, if set by
 *     {@link #expiringIn}
 */
public record CrossAccountGrant(List<Binding> bindings, Optional<Duration> lifetime) {
  /** Allows its holder to issue all four kinds of credentials, and to delegate. */
  public static final String TOKEN_CREATOR = IamRoles.TOKEN_CREATOR;

  /** Allows its holder to issue ID tokens only. */
  public static final String OPEN_ID_TOKEN_CREATOR = IamRoles.OPEN_ID_TOKEN_CREATOR;

  /** Allows a federated identity to issue access tokens and ID tokens. */
  public static final String WORKLOAD_IDENTITY_USER = IamRoles.WORKLOAD_IDENTITY_USER;

  /** Copies the list, and checks the lifetime. */
  public CrossAccountGrant {
    Objects.requireNonNull(lifetime, "lifetime");
    bindings = Arguments.copy(bindings, "bindings");
    lifetime.ifPresent(GrantValidation::checkLifetime);
  }

  /** Creates a grant of exactly these bindings, such as those of a plan or a policy. */
  public CrossAccountGrant(List<Binding> bindings) {
    this(bindings, Optional.empty());
  }

  /**
   * Returns the grants that a refused request needs, as one.
   *
   * @param required at least one, each with a known member, such as {@link
   *     CredentialException.PermissionDenied#requiredGrants()}
   */
  public static CrossAccountGrant of(Collection<RequiredGrant> required) {
    return new CrossAccountGrant(GrantValidation.bindings(Arguments.copy(required, "required")));
  }

  /** Starts a grant of {@value #TOKEN_CREATOR} to this member. */
  public static Draft tokenCreator(Member member) {
    return role(TOKEN_CREATOR, member);
  }

  /** Starts a grant of {@value #TOKEN_CREATOR} to this account, named by its email address. */
  public static Draft tokenCreator(ServiceAccount member) {
    return tokenCreator(Member.of(Objects.requireNonNull(member, "member")));
  }

  /** Starts a grant of {@value #OPEN_ID_TOKEN_CREATOR} to this member. */
  public static Draft openIdTokenCreator(Member member) {
    return role(OPEN_ID_TOKEN_CREATOR, member);
  }

  /** Starts a grant of {@value #OPEN_ID_TOKEN_CREATOR} to this account, named by email address. */
  public static Draft openIdTokenCreator(ServiceAccount member) {
    return openIdTokenCreator(Member.of(Objects.requireNonNull(member, "member")));
  }

  /**
   * Starts a grant of {@value #WORKLOAD_IDENTITY_USER} to this member, such as a {@code
   * principalSet://…} of a workload identity pool or a Kubernetes service account.
   */
  public static Draft workloadIdentityUser(Member member) {
    return role(WORKLOAD_IDENTITY_USER, member);
  }

  /**
   * Starts a grant of any role.
   *
   * @param role such as {@code roles/iam.serviceAccountUser} or {@code projects/PROJECT/roles/ROLE}
   * @param member the principal that gets the role, of a kind that can be granted roles
   */
  public static Draft role(String role, Member member) {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(member, "member");
    return new Draft(GrantValidation.checkRole(role), GrantValidation.checkMember(member));
  }

  /**
   * Returns the same grant with an expiry this long after it is applied, by a condition on {@code
   * request.time}. {@link Grants#plan} fixes the instant, to the second; applying the grant again,
   * instead of the plan, adds another binding. Expired bindings have no effect, but stay in the
   * policies until {@link Grants#planSweep} removes them, and Google allows 20 conditions per role
   * and member.
   *
   * @param lifetime at least 1 second
   */
  public CrossAccountGrant expiringIn(Duration lifetime) {
    Objects.requireNonNull(lifetime, "lifetime");
    GrantValidation.checkNoExpiry(this);
    return new CrossAccountGrant(bindings, Optional.of(lifetime));
  }

  /** Returns the same grant with an expiry at this instant, truncated to seconds. */
  public CrossAccountGrant until(Instant expiry) {
    Objects.requireNonNull(expiry, "expiry");
    GrantValidation.checkNoExpiry(this);
    return each(binding -> binding.withExpiry(expiry));
  }

  /** Returns the same grant with this condition on each binding, within IAM's limits. */
  public CrossAccountGrant onlyIf(Condition condition) {
    Objects.requireNonNull(condition, "condition");
    GrantValidation.check(condition);
    GrantValidation.checkUnconditional(this);
    return each(
        binding ->
            binding.withCondition(binding.expiry().map(condition::withExpiry).orElse(condition)));
  }

  /** Returns the grant with a fixed expiry, if it is applied now. */
  CrossAccountGrant resolvedAt(Instant now) {
    return lifetime
        .map(length -> new CrossAccountGrant(bindings).until(GrantValidation.expiry(now, length)))
        .orElse(this);
  }

  private CrossAccountGrant each(UnaryOperator<Binding> change) {
    return new CrossAccountGrant(bindings.stream().map(change).toList(), lifetime);
  }

  /** Returns one line per binding. */
  @Override
  public String toString() {
    String expiry = lifetime.map(length -> ", for " + Phrases.exact(length)).orElse("");
    return bindings.stream().map(binding -> binding + expiry).collect(Collectors.joining("\n"));
  }

  /** A role and a member without the accounts of the grant. Immutable. */
  public static final class Draft {
    private final String role;
    private final Member member;

    private Draft(String role, Member member) {
      this.role = role;
      this.member = member;
    }

    /** Returns the grant for direct requests: the role on this account, for the member. */
    public CrossAccountGrant on(ServiceAccount account) {
      return new CrossAccountGrant(List.of(new Binding(account, role, member)));
    }

    /**
     * Returns the grant for delegated requests: the role on the chain's target for the last
     * delegate, and {@value CrossAccountGrant#TOKEN_CREATOR}, which delegation needs, on each
     * delegate for the account before it, on the first for the member.
     *
     * @throws CredentialException.InvalidRequest if the member is part of the chain, or a delegate
     *     is named by its unique ID: policies name members by email address
     */
    public CrossAccountGrant along(DelegationChain chain) {
      Objects.requireNonNull(chain, "chain");
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

    /** {@return the role and the member} */
    @Override
    public String toString() {
      return "%s for %s".formatted(role, member);
    }
  }
}
