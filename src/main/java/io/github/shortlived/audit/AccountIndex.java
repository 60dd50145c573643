package io.github.shortlived.audit;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.TokenPermission;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Whom an account's policy lets through: on to the next account, or at the target to issue. */
final class AccountIndex {
  private final List<Entry> entries;
  private final boolean atTarget;
  private final ImmutableListMultimap<String, Entry> carriers;

  AccountIndex(AccountAccess access, boolean atTarget) {
    this.entries = access.entries().stream().filter(Entry::inEffect).toList();
    this.atTarget = atTarget;
    this.carriers =
        Multimaps.index(
            entries.stream().filter(this::opens).toList(),
            entry -> Meanings.key(entry.binding().member().id()));
  }

  boolean allows(Member member) {
    return Meanings.of(member).stream().anyMatch(carriers::containsKey);
  }

  /** The bindings that let the member through, each of them alone. */
  List<Entry> bindingsFor(Member member) {
    return Meanings.of(member).stream().flatMap(key -> carriers.get(key).stream()).toList();
  }

  /** The bindings that may let one of these through, which only Google knows. */
  Stream<Binding> undecided(Member caller, Collection<Member> others) {
    return entries.stream().filter(entry -> isUndecided(entry, caller, others)).map(Entry::binding);
  }

  private boolean isUndecided(Entry entry, Member caller, Collection<Member> others) {
    Member member = entry.binding().member();
    if (entry.roleKnown()) {
      return opens(entry) && Meanings.isSet(member) && !means(member, caller);
    }
    return Meanings.isSet(member)
        || means(member, caller)
        || others.stream().anyMatch(other -> means(member, other));
  }

  private boolean opens(Entry entry) {
    return entry.permissions().stream()
        .anyMatch(
            permission ->
                atTarget ? permission.mints() : permission == TokenPermission.IMPLICIT_DELEGATION);
  }

  private static boolean means(Member inPolicy, Member somebody) {
    return Meanings.of(somebody).contains(Meanings.key(inPolicy.id()));
  }
}
