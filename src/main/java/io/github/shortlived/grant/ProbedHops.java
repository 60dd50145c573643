package io.github.shortlived.grant;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The ways that a grant opens, hop by hop, and whether its caller stands where they begin. */
final class ProbedHops {
  private ProbedHops() {}

  /** The grant's bindings as the caller's requests meet them. */
  static List<ProbedHop> of(CrossAccountGrant grant, ShortLivedCredentials caller) {
    List<ProbedHop> hops = of(grant);
    GrantValidation.checkCaller(callerOf(caller), starts(hops), grant);
    return hops;
  }

  private static List<ProbedHop> of(CrossAccountGrant grant) {
    List<Binding> bindings = grant.bindings();
    List<Optional<Binding>> before =
        IntStream.range(0, bindings.size())
            .mapToObj(i -> leadingTo(bindings.get(i).member(), bindings.subList(0, i)))
            .toList();
    Map<Binding, ProbedHop> hops = new LinkedHashMap<>();
    for (int i = 0; i < bindings.size(); i++) {
      Binding binding = bindings.get(i);
      boolean isEnd = !before.contains(Optional.of(binding));
      hops.putIfAbsent(binding, new ProbedHop(binding, before.get(i).map(hops::get), isEnd));
    }
    return List.copyOf(hops.values());
  }

  private static Optional<Binding> leadingTo(Member member, List<Binding> earlier) {
    return earlier.stream().filter(binding -> leads(binding, member)).findFirst();
  }

  private static boolean leads(Binding binding, Member member) {
    return Member.inPolicy("serviceAccount:" + binding.account()).isSameAs(member);
  }

  private static List<Member> starts(List<ProbedHop> hops) {
    return hops.stream()
        .filter(hop -> hop.before().isEmpty())
        .map(hop -> hop.binding().member())
        .distinct()
        .toList();
  }

  /** Who calls, where that can be told now. */
  static Optional<Member> callerOf(ShortLivedCredentials caller) {
    try {
      return caller.callerMember();
    } catch (Unavailable e) {
      return Optional.empty(); // The probes tell in time.
    }
  }
}
