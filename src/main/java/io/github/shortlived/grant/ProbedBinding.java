package io.github.shortlived.grant;

import static io.github.shortlived.model.InternalExceptions.require;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.policy.ProbeRequests;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.TokenPermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One binding of a grant, in the order in which a delegated request needs them. Immutable.
 *
 * @param binding the binding itself
 * @param before the binding on the member of this one; empty if the member is the caller
 * @param isTarget whether no other binding follows
 */
record ProbedBinding(Binding binding, Optional<ProbedBinding> before, boolean isTarget) {
  private static final Set<String> KNOWN_ROLES =
      Set.of(
          IamRoles.TOKEN_CREATOR, IamRoles.OPEN_ID_TOKEN_CREATOR, IamRoles.WORKLOAD_IDENTITY_USER);

  /** Returns the bindings of the grant, after a check that the caller is their first member. */
  static List<ProbedBinding> of(CrossAccountGrant grant, ShortLivedCredentials caller) {
    List<ProbedBinding> probed = of(grant.bindings());
    List<Member> starts =
        probed.stream()
            .filter(each -> each.before().isEmpty())
            .map(each -> each.binding().member())
            .distinct()
            .toList();
    checkCaller(callerOf(caller), starts, grant);
    return probed;
  }

  private static List<ProbedBinding> of(List<Binding> bindings) {
    List<ProbedBinding> probed = new ArrayList<>();
    for (Binding binding : ImmutableSet.copyOf(bindings)) {
      probed.add(
          new ProbedBinding(
              binding, probed.stream().filter(each -> each.leadsTo(binding)).findFirst(), false));
    }
    Set<ProbedBinding> delegates =
        probed.stream().flatMap(each -> each.before().stream()).collect(Collectors.toSet());
    return probed.stream()
        .map(each -> new ProbedBinding(each.binding(), each.before(), !delegates.contains(each)))
        .toList();
  }

  private boolean leadsTo(Binding next) {
    return Member.inPolicy(MemberIds.ofServiceAccount(binding.account().id()))
        .isSameAs(next.member());
  }

  private static void checkCaller(
      Optional<Member> caller, List<Member> starts, CrossAccountGrant grant) {
    require(!starts.isEmpty(), "grant", "", "it grants nothing", "Pass a grant with bindings");
    List<Member> single = starts.stream().filter(member -> !member.standsForMany()).toList();
    require(
        caller.isPresent() || single.size() <= 1,
        "grant",
        GrantValidation.oneLine(grant),
        "its bindings start at several members, and the credentials do not identify the caller",
        "List the bindings from the caller to the target, or wait for each member separately");
    for (Member start : single) {
      require(
          caller.isEmpty() || caller.get().isSameAs(start),
          "caller",
          caller.map(Member::id).orElse(""),
          "the grant starts at another member, " + start,
          "Pass its credentials, or a grant with all bindings from the caller to the target");
    }
  }

  /** Returns the caller, unless identifying it fails for now: then the probes show the failure. */
  static Optional<Member> callerOf(ShortLivedCredentials caller) {
    try {
      return caller.callerMember();
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }

  /** Returns the bindings from the caller to this one. */
  List<Binding> bindingsFromCaller() {
    return bindings(each -> true);
  }

  Target target() {
    return Target.of(bindingsFromCaller().stream().map(Binding::account).toList());
  }

  /** Returns whether the account is probed itself: other roles may allow delegation only. */
  boolean isProbed() {
    return isTarget || binding.role().equals(IamRoles.TOKEN_CREATOR);
  }

  CredentialRequest<?> request() {
    boolean idToken = isTarget && binding.role().equals(IamRoles.OPEN_ID_TOKEN_CREATOR);
    return ProbeRequests.minimal(
        idToken ? TokenPermission.ID_TOKEN : TokenPermission.ACCESS_TOKEN, target());
  }

  /** Returns the bindings that no earlier probe has verified. */
  List<Binding> unverifiedBindings() {
    return bindings(each -> !each.isProbed());
  }

  private List<Binding> bindings(Predicate<ProbedBinding> earlier) {
    Stream<Binding> previous =
        before.filter(earlier).stream().flatMap(each -> each.bindings(earlier).stream());
    return Stream.concat(previous, Stream.of(binding)).toList();
  }

  List<RequiredGrant> requiredGrants() {
    return unverifiedBindings().stream()
        .map(b -> new RequiredGrant(b.account(), b.role(), Optional.of(b.member())))
        .toList();
  }

  /** Returns sentences on why requests may be refused, other than propagation. */
  String otherCauses() {
    return unverifiedBindings().stream()
        .map(ProbedBinding::otherCauses)
        .collect(Collectors.joining());
  }

  private static String otherCauses(Binding binding) {
    StringBuilder causes = new StringBuilder();
    if (binding.isConditional()) {
      causes.append("\nOr its condition is not met: ").append(binding.condition().orElseThrow());
    }
    if (!KNOWN_ROLES.contains(binding.role())) {
      causes.append("\nOr %s lacks the permission.".formatted(binding.role()));
    }
    if (binding.member().standsForMany()) {
      causes.append("\nOr the caller is not (yet) part of %s.".formatted(binding.member()));
    }
    return causes.toString();
  }

  /** Returns the member and the accounts, such as {@code A -> B}. */
  @Override
  public String toString() {
    List<Binding> bindings = unverifiedBindings();
    String name = MemberIds.name(bindings.get(0).member().id());
    return bindings.stream()
        .map(each -> each.account().id())
        .collect(Collectors.joining(" -> ", name + " -> ", ""));
  }
}
