package io.github.shortlived.grant;

import static io.github.shortlived.model.IamRoles.OPEN_ID_TOKEN_CREATOR;
import static io.github.shortlived.model.IamRoles.TOKEN_CREATOR;
import static io.github.shortlived.model.IamRoles.WORKLOAD_IDENTITY_USER;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One binding of a grant as a request meets it: after those that led to its member. Immutable.
 *
 * @param binding what lets the request pass here
 * @param before the hop that leads to its member; empty if the caller is the member
 * @param isTarget whether it leads no further
 */
record ProbedHop(Binding binding, Optional<ProbedHop> before, boolean isTarget) {
  private static final Set<String> KNOWN_ROLES =
      Set.of(TOKEN_CREATOR, OPEN_ID_TOKEN_CREATOR, WORKLOAD_IDENTITY_USER);
  private static final String SERVICE_ACCOUNT = "serviceAccount:";

  // Nobody needs a probe's token for longer than the probe.
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final String AUDIENCE = "https://probe.invalid";

  /** The bindings that a request to here passes, in travel order. */
  ImmutableList<Binding> way() {
    return ImmutableList.<Binding>builder()
        .addAll(before.map(ProbedHop::way).orElse(ImmutableList.of()))
        .add(binding)
        .build();
  }

  Target target() {
    List<ServiceAccount> accounts = way().stream().map(Binding::account).toList();
    int last = accounts.size() - 1;
    return last == 0
        ? accounts.get(0)
        : DelegationChain.through(accounts.subList(0, last)).to(accounts.get(last));
  }

  /**
   * Whether its account can be asked for a credential of its own: a role unknown to us may allow a
   * delegate no more than to pass requests on.
   */
  boolean isProbed() {
    return isTarget || binding.role().equals(TOKEN_CREATOR);
  }

  CredentialRequest<?> request() {
    return isTarget && binding.role().equals(OPEN_ID_TOKEN_CREATOR)
        ? IdTokenRequest.of(target(), AUDIENCE)
        : AccessTokenRequest.of(target(), Scopes.CLOUD_PLATFORM).lifetime(LIFETIME);
  }

  /** The bindings that no probe before this one has shown to work. */
  ImmutableList<Binding> unverifiedBindings() {
    return ImmutableList.<Binding>builder()
        .addAll(
            before
                .filter(hop -> !hop.isProbed())
                .map(ProbedHop::unverifiedBindings)
                .orElse(ImmutableList.of()))
        .add(binding)
        .build();
  }

  List<RequiredGrant> requiredGrants() {
    return unverifiedBindings().stream()
        .map(b -> new RequiredGrant(b.account(), b.role(), Optional.of(b.member())))
        .toList();
  }

  /** What else than propagation may be why the hop is refused, in sentences. */
  String otherCauses() {
    return unverifiedBindings().stream().map(ProbedHop::otherCauses).collect(Collectors.joining());
  }

  private static String otherCauses(Binding binding) {
    StringBuilder doubts = new StringBuilder();
    binding
        .condition()
        .filter(condition -> binding.isConditional())
        .ifPresent(condition -> doubts.append("\nOr its condition is not met: ").append(condition));
    if (!KNOWN_ROLES.contains(binding.role())) {
      doubts.append("\nOr ").append(binding.role()).append(" lacks the permission.");
    }
    if (GrantValidation.isMany(binding.member())) {
      doubts
          .append("\nOr the caller is not, or not yet, one of ")
          .append(binding.member())
          .append('.');
    }
    return doubts.toString();
  }

  /** {@return from whom to which account, as read by a person} */
  @Override
  public String toString() {
    List<Binding> unproven = unverifiedBindings();
    String from = unproven.get(0).member().id();
    return unproven.stream()
        .map(binding -> binding.account().id())
        .collect(
            Collectors.joining(
                " -> ",
                (from.startsWith(SERVICE_ACCOUNT) ? from.substring(SERVICE_ACCOUNT.length()) : from)
                    + " -> ",
                ""));
  }
}
