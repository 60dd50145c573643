package io.github.shortlived.grant;

import io.github.shortlived.CredentialException.Unavailable;
import io.github.shortlived.Member;
import io.github.shortlived.ShortLivedCredentials;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The ways that a grant opens, hop by hop, and whether its caller stands where they begin. */
final class Hops {
  private Hops() {}

  /** The grant's bindings as the caller's requests meet them. */
  static List<Hop> of(CrossAccountGrant grant, ShortLivedCredentials caller) {
    List<Hop> hops = of(grant);
    GrantRules.checkCaller(callerOf(caller), starts(hops), grant);
    return hops;
  }

  private static List<Hop> of(CrossAccountGrant grant) {
    List<Binding> bindings = grant.bindings();
    List<Optional<Binding>> before =
        IntStream.range(0, bindings.size())
            .mapToObj(i -> leadingTo(bindings.get(i).member(), bindings.subList(0, i)))
            .toList();
    Map<Binding, Hop> hops = new LinkedHashMap<>();
    for (int i = 0; i < bindings.size(); i++) {
      Binding binding = bindings.get(i);
      boolean isEnd = !before.contains(Optional.of(binding));
      hops.putIfAbsent(binding, new Hop(binding, before.get(i).map(hops::get), isEnd));
    }
    return List.copyOf(hops.values());
  }

  private static Optional<Binding> leadingTo(Member member, List<Binding> earlier) {
    return earlier.stream().filter(binding -> leads(binding, member)).findFirst();
  }

  private static boolean leads(Binding binding, Member member) {
    return PolicyEdits.same("serviceAccount:" + binding.account(), member);
  }

  private static List<Member> starts(List<Hop> hops) {
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
