package io.github.shortlived.diagnosis;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.audit.AccountAccess;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.function.Predicate;

/**
 * What an account's policy says about one link that leads to it.
 *
 * @param access the policy
 * @param member who has to pass
 * @param permission what the member needs
 */
record LinkBindings(AccountAccess access, Member member, TokenPermission permission) {
  private static final String DELETED = "deleted:";

  /** Everything that the policy has for the member. */
  List<Entry> own() {
    return access.entriesFor(member);
  }

  /** What gives the permission and counts now, for all that the policy tells. */
  List<Entry> effective() {
    return giving(entry -> !hasEnded(entry) && !TimeLimit.isConditional(entry));
  }

  /** What gives the permission while a condition is met that is not evaluated here. */
  List<Entry> conditional() {
    return giving(entry -> !hasEnded(entry) && TimeLimit.isConditional(entry));
  }

  /** What gave the permission until it ended. */
  List<Entry> ended() {
    return giving(this::hasEnded);
  }

  private List<Entry> giving(Predicate<Entry> state) {
    return own().stream().filter(this::gives).filter(state).toList();
  }

  /** What the member may have by belonging to a group or principal set. */
  List<Entry> viaGroups() {
    return access.entries().stream()
        .filter(entry -> isSet(entry.binding().member()))
        .filter(entry -> gives(entry) && !hasEnded(entry))
        .toList();
  }

  /** What an account had that was deleted, and whose name the member has. */
  List<Entry> former() {
    String name = DELETED + member.id() + "?";
    return access.entries().stream()
        .filter(entry -> entry.binding().member().id().startsWith(name))
        .toList();
  }

  /** The rights of the opposite direction, if this is the policy of the account that calls. */
  static List<Entry> reverse(AccountAccess ofCaller, ServiceAccount called) {
    return called.isEmail()
        ? ofCaller.entriesFor(Member.of(called)).stream()
            .filter(entry -> entry.binding().member().equals(Member.of(called)))
            .filter(entry -> !entry.permissions().isEmpty())
            .filter(entry -> !TimeLimit.hasEnded(entry, ofCaller.at()))
            .toList()
        : ImmutableList.of();
  }

  private boolean gives(Entry entry) {
    return entry.permissions().contains(permission);
  }

  private boolean hasEnded(Entry entry) {
    return TimeLimit.hasEnded(entry, access.at());
  }

  private static boolean isSet(Member member) {
    return member.id().startsWith("group:") || member.id().startsWith("principalSet:");
  }
}
