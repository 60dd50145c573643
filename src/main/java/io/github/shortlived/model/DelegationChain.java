package io.github.shortlived.model;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.github.shortlived.internal.text.Arguments;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The service accounts through which a request passes from the caller to its target: one or more
 * delegates, then the account whose credential is requested. The caller and each delegate need
 * {@code roles/iam.serviceAccountTokenCreator} on the next account. Immutable.
 *
 * @param delegates the accounts between caller and target, in the order of the chain
 * @param target the account whose credential is requested
 * @see <a href="https://cloud.google.com/iam/docs/create-short-lived-credentials-delegated">Create
 *     credentials for a service account, delegated</a>
 */
public record DelegationChain(List<ServiceAccount> delegates, ServiceAccount target)
    implements Target {

  /** Checks that there is a delegate, and that no account appears twice. */
  public DelegationChain {
    delegates = Arguments.copy(delegates, "delegates");
    Objects.requireNonNull(target, "target");
    Checks.request(
        !delegates.isEmpty(),
        "delegation chain",
        target.id(),
        "a chain needs at least one delegate",
        "for a direct request use the service account itself as target");
    Set<ServiceAccount> seen = new HashSet<>();
    for (ServiceAccount delegate : delegates) {
      Checks.request(
          !delegate.equals(target),
          "delegation chain",
          delegate.id(),
          "the target is not a delegate",
          "pass it only to to(...)");
      Checks.request(
          seen.add(delegate),
          "delegation chain",
          delegate.id(),
          "no account appears twice",
          "name each delegate once, in the order of the chain");
    }
  }

  /** Starts a chain with its delegates in the order of the chain. */
  public static Through through(ServiceAccount first, ServiceAccount... more) {
    return new Through(
        Lists.asList(
            Objects.requireNonNull(first, "first"),
            Arguments.copy(more, "more").toArray(ServiceAccount[]::new)));
  }

  /** Starts a chain with its delegates in the order of the chain. */
  public static Through through(List<ServiceAccount> delegates) {
    return new Through(delegates);
  }

  @Override
  public List<ServiceAccount> accounts() {
    return ImmutableList.<ServiceAccount>builder().addAll(delegates).add(target).build();
  }

  /** {@return {@code delegate1 -> delegate2 -> target}} */
  @Override
  public String toString() {
    return accounts().stream().map(ServiceAccount::id).collect(Collectors.joining(" -> "));
  }

  /** The delegates of a chain, without its target. */
  public static final class Through {
    private final ImmutableList<ServiceAccount> delegates;

    private Through(List<ServiceAccount> delegates) {
      this.delegates = Arguments.copy(delegates, "delegates");
    }

    /** {@return the chain from these delegates to this service account} */
    public DelegationChain to(ServiceAccount target) {
      return new DelegationChain(delegates, target);
    }

    /** {@return the delegates} */
    @Override
    public String toString() {
      return "DelegationChain.Through" + delegates;
    }
  }
}
