package io.github.shortlived.model;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The way a request travels from the caller over one or more delegates to the service account whose
 * credential is asked for. Each account must hold {@code roles/iam.serviceAccountTokenCreator} on
 * the next: the caller on the first delegate, every delegate on the one after it, the last on the
 * target. Immutable.
 *
 * @param delegates the accounts in between, in travel order; neither caller nor target is among
 *     them
 * @param target whose credential is asked for
 * @see <a href="https://cloud.google.com/iam/docs/create-short-lived-credentials-delegated">Create
 *     credentials for a service account, delegated</a>
 */
public record DelegationChain(List<ServiceAccount> delegates, ServiceAccount target)
    implements Target {

  /**
   * Checks the chain; no network call is made.
   *
   * @throws CredentialException.InvalidRequest if there is no delegate, one comes twice, or the
   *     target is among them
   */
  public DelegationChain {
    delegates = ImmutableList.copyOf(delegates);
    Checks.request(
        !delegates.isEmpty(),
        "delegation chain",
        target.id(),
        "a chain has at least one delegate",
        "for a direct request pass the service account itself as target");
    Set<ServiceAccount> seen = new HashSet<>();
    for (ServiceAccount delegate : delegates) {
      Checks.request(
          !delegate.equals(target),
          "delegation chain",
          delegate.id(),
          "the target is never among the delegates",
          "name it in to(...) alone");
      Checks.request(
          seen.add(delegate),
          "delegation chain",
          delegate.id(),
          "no account comes twice",
          "name each delegate once, in travel order");
    }
  }

  /** Starts a chain with its delegates in travel order: the first is the one the caller asks. */
  public static Through through(ServiceAccount first, ServiceAccount... more) {
    return new Through(Lists.asList(first, more));
  }

  /** Starts a chain with its delegates in travel order: the first is the one the caller asks. */
  public static Through through(List<ServiceAccount> delegates) {
    return new Through(delegates);
  }

  /** {@return the accounts of the chain in travel order, the target last} */
  @Override
  public List<ServiceAccount> hops() {
    return ImmutableList.<ServiceAccount>builder().addAll(delegates).add(target).build();
  }

  /** {@return the chain as read by a person: {@code hop1 -> hop2 -> target}} */
  @Override
  public String toString() {
    return hops().stream().map(ServiceAccount::id).collect(Collectors.joining(" -> "));
  }

  /** A chain that still lacks its target. */
  public static final class Through {
    private final ImmutableList<ServiceAccount> delegates;

    private Through(List<ServiceAccount> delegates) {
      this.delegates = ImmutableList.copyOf(delegates);
    }

    /**
     * {@return the chain that ends at this service account}
     *
     * @throws CredentialException.InvalidRequest if there is no delegate, one comes twice, or the
     *     target is among them
     */
    public DelegationChain to(ServiceAccount target) {
      return new DelegationChain(delegates, target);
    }
  }
}
