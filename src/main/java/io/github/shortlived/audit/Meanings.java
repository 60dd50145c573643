package io.github.shortlived.audit;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import io.github.shortlived.internal.policy.BindingEdits;
import io.github.shortlived.model.Member;
import java.util.Set;
import java.util.stream.Stream;

/** By which members of a policy somebody is meant, groups and principal sets aside. */
final class Meanings {
  private static final String ALL_USERS = key(Member.allUsers().id());
  private static final String ALL_AUTHENTICATED_USERS = key(Member.allAuthenticatedUsers().id());
  private static final String USER = "user:";

  private Meanings() {}

  /** Equal for members that are the {@linkplain BindingEdits#same same}. */
  static String key(String member) {
    return member.startsWith("principal") ? member : Ascii.toLowerCase(member);
  }

  /** The {@link #key}s that mean the member. */
  static Set<String> of(Member member) {
    String key = key(member.id());
    ImmutableSet.Builder<String> keys = ImmutableSet.<String>builder().add(key, ALL_USERS);
    if (isGoogles(key)) {
      keys.add(ALL_AUTHENTICATED_USERS);
    }
    if (key.startsWith(USER)) {
      keys.add("domain:" + key.substring(key.indexOf('@') + 1));
    }
    return keys.build();
  }

  /** Whether only Google knows who belongs to it. */
  static boolean isSet(Member member) {
    return member.id().startsWith("group:") || member.id().startsWith("principalSet:");
  }

  static boolean isDeleted(Member member) {
    return member.id().startsWith("deleted:");
  }

  /**
   * Whether Google authenticates it. Identities that others vouch for, those of Kubernetes
   * included, are not among all authenticated users.
   */
  private static boolean isGoogles(String key) {
    return key.indexOf('[') < 0
        && Stream.of(USER, "serviceaccount:", "group:", "domain:").anyMatch(key::startsWith);
  }
}
