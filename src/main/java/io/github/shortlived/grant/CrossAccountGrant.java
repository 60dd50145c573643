package io.github.shortlived.grant;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.CredentialException;
import io.github.shortlived.DelegationChain;
import io.github.shortlived.Member;
import io.github.shortlived.ServiceAccount;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The bindings that let a member issue credentials of a service account, directly or along a
 * delegation chain: on each account of the way, {@code roles/iam.serviceAccountTokenCreator} for
 * the one before it. A value; {@link Grants} applies and revokes it. Immutable.
 *
 * @param bindings what is granted, in travel order
 */
public record CrossAccountGrant(List<Binding> bindings) {
  /** The role that lets its holder issue all four kinds of credentials, and delegate. */
  public static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";

  /** Copies the list. */
  public CrossAccountGrant {
    bindings = ImmutableList.copyOf(bindings);
  }

  /** Starts a grant of {@value #TOKEN_CREATOR} to this member. */
  public static TokenCreator tokenCreator(Member member) {
    return new TokenCreator(member);
  }

  /**
   * Starts a grant of {@value #TOKEN_CREATOR} to this service account.
   *
   * @throws CredentialException.InvalidRequest if it is named by its unique id: policies know
   *     members by email address
   */
  public static TokenCreator tokenCreator(ServiceAccount member) {
    return new TokenCreator(Member.of(member));
  }

  /** {@return one line per binding} */
  @Override
  public String toString() {
    return bindings.stream().map(Binding::toString).collect(Collectors.joining("\n"));
  }

  /**
   * One role on one service account, for one member, without a condition.
   *
   * @param account whose policy holds the binding
   * @param role such as {@code roles/iam.serviceAccountTokenCreator}
   * @param member who holds the role
   */
  public record Binding(ServiceAccount account, String role, Member member) {
    /** {@return the binding in words} */
    @Override
    public String toString() {
      return "%s on %s for %s".formatted(role, account, member);
    }
  }

  /** A grant that still lacks the accounts it is for. */
  public static final class TokenCreator {
    private final Member member;

    private TokenCreator(Member member) {
      this.member = member;
    }

    /** {@return the grant for direct requests: the role on this account, for the member} */
    public CrossAccountGrant on(ServiceAccount account) {
      return new CrossAccountGrant(List.of(new Binding(account, TOKEN_CREATOR, member)));
    }

    /**
     * {@return the grant for delegated requests: the role on each account of the chain, for the one
     * before it, and on the first for the member}
     *
     * @throws CredentialException.InvalidRequest if the member is in the chain itself, or a
     *     delegate is named by its unique id: policies know members by email address
     */
    public CrossAccountGrant along(DelegationChain chain) {
      ImmutableList.Builder<Binding> bindings = ImmutableList.builder();
      Member holder = member;
      for (ServiceAccount hop : chain.hops()) {
        refuseMemberAmong(hop);
        bindings.add(new Binding(hop, TOKEN_CREATOR, holder));
        holder = hop.equals(chain.target()) ? holder : Member.of(hop);
      }
      return new CrossAccountGrant(bindings.build());
    }

    private void refuseMemberAmong(ServiceAccount hop) {
      if (member.id().equalsIgnoreCase("serviceAccount:" + hop.id())) {
        throw new CredentialException.InvalidRequest(
            "Invalid grant '%s': the member starts the chain and is never in it. Leave it out of through(...) and to(...)."
                .formatted(member));
      }
    }
  }
}
