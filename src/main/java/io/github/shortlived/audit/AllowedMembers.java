package io.github.shortlived.audit;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.TokenPermission;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The members that an account of a path allows: to issue its credentials if it is the target, to
 * delegate through it if it is not.
 */
final class AllowedMembers {
  private final Predicate<TokenPermission> useful;
  private final List<Entry> entries;
  private final ImmutableListMultimap<String, Entry> usefulByMember;

  /** Indexes the entries by member, for the permissions that are useful at this account. */
  AllowedMembers(AccountAccess access, Predicate<TokenPermission> useful) {
    this.useful = useful;
    this.entries = access.entries().stream().filter(Entry::inEffect).toList();
    this.usefulByMember =
        Multimaps.index(
            entries.stream().filter(this::isUseful).toList(),
            entry -> entry.binding().member().normalizedId());
  }

  private boolean isUseful(Entry entry) {
    return entry.permissions().stream().anyMatch(useful);
  }

  boolean allows(Member member) {
    return matchingIds(member).stream().anyMatch(usefulByMember::containsKey);
  }

  /** Returns the entries that allow the member; each of them suffices. */
  List<Entry> entriesFor(Member member) {
    return matchingIds(member).stream().flatMap(id -> usefulByMember.get(id).stream()).toList();
  }

  /** Returns the bindings that may allow one of these members, which only Google knows. */
  Stream<Binding> undecided(Member caller, Collection<Member> others) {
    return entries.stream().filter(entry -> isUndecided(entry, caller, others)).map(Entry::binding);
  }

  private boolean isUndecided(Entry entry, Member caller, Collection<Member> others) {
    Member member = entry.binding().member();
    if (entry.roleKnown()) {
      return isUseful(entry) && member.isGroup() && !matches(member, caller);
    }
    return member.isGroup()
        || matches(member, caller)
        || others.stream().anyMatch(other -> matches(member, other));
  }

  private static boolean matches(Member inPolicy, Member principal) {
    return matchingIds(principal).contains(inPolicy.normalizedId());
  }

  /** Returns the normalized IDs of the policy members that include the principal, but no groups. */
  static Set<String> matchingIds(Member principal) {
    String id = principal.normalizedId();
    ImmutableSet.Builder<String> ids =
        ImmutableSet.<String>builder().add(id, Member.allUsers().normalizedId());
    if (isAuthenticatedByGoogle(id)) {
      ids.add(Member.allAuthenticatedUsers().normalizedId());
    }
    if (id.startsWith("user:")) {
      ids.add("domain:" + id.substring(id.indexOf('@') + 1));
    }
    return ids.build();
  }

  /** Excludes federated identities and Kubernetes service accounts. */
  private static boolean isAuthenticatedByGoogle(String id) {
    return id.indexOf('[') < 0
        && Stream.of("user:", "serviceaccount:", "group:", "domain:").anyMatch(id::startsWith);
  }
}
