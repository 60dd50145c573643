package io.github.shortlived.diagnosis;

import io.github.shortlived.audit.AccountAccess;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.TokenPermission;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The bindings in the policy of an account that may give a member a permission. */
record GrantBindings(AccountAccess access, Member member, TokenPermission permission) {
  /** Returns all bindings of the member, without those of a deleted one of the same name. */
  List<Entry> own() {
    return access.entriesFor(member).stream()
        .filter(entry -> !entry.binding().member().isDeleted())
        .toList();
  }

  /** Returns whether the member has the permission now, without a condition to evaluate. */
  boolean isAllowed() {
    return unexpired().stream().anyMatch(entry -> !isConditional(entry));
  }

  /** Returns the member's bindings with the permission that have not expired. */
  List<Entry> unexpired() {
    return withPermission().stream().filter(entry -> !isExpired(entry, access.at())).toList();
  }

  /** Returns the member's bindings with the permission. */
  List<Entry> withPermission() {
    return own().stream().filter(this::hasPermission).toList();
  }

  /** Returns the bindings with the permission of groups and principal sets. */
  List<Entry> ofGroups() {
    return access.entries().stream()
        .filter(entry -> entry.binding().member().isGroup())
        .filter(entry -> hasPermission(entry) && !isExpired(entry, access.at()))
        .toList();
  }

  /** Returns whether a binding is for a deleted account that had the name of the member. */
  boolean hasDeletedAccount() {
    String deleted = "deleted:" + member.id() + "?";
    return access.entries().stream()
        .anyMatch(entry -> entry.binding().member().id().startsWith(deleted));
  }

  /** Returns the bindings for the opposite direction: for the called account, on the caller. */
  static List<Entry> reverse(AccountAccess ofCaller, ServiceAccount called) {
    if (!called.isEmail()) {
      return List.of();
    }
    Member member = Member.of(called);
    return ofCaller.entries().stream()
        .filter(entry -> entry.binding().member().equals(member))
        .filter(entry -> !entry.permissions().isEmpty() && !isExpired(entry, ofCaller.at()))
        .toList();
  }

  private boolean hasPermission(Entry entry) {
    return entry.permissions().contains(permission);
  }

  /** Returns whether an expiry, or a condition that only limits the time, has passed. */
  static boolean isExpired(Entry entry, Instant now) {
    return entry.expired() || timeLimit(entry).filter(end -> !end.isAfter(now)).isPresent();
  }

  /** Returns whether there is a condition on something other than time. */
  static boolean isConditional(Entry entry) {
    return entry.conditional() && timeLimit(entry).isEmpty();
  }

  private static Optional<Instant> timeLimit(Entry entry) {
    return entry.binding().condition().flatMap(Condition::timeLimit);
  }
}
