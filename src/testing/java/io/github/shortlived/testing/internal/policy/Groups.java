package io.github.shortlived.testing.internal.policy;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import io.github.shortlived.testing.internal.account.Principal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The members of groups, by the email of the group in lower case; a member may be another group.
 */
public record Groups(Map<String, Set<String>> members) {
  private static final String GROUP = "group:";

  public Groups {
    members = Map.copyOf(members);
  }

  /** Returns the email in lower case. */
  public static String requireEmail(String email) {
    if (!Members.isMember(GROUP + email)) {
      throw new IllegalArgumentException(
          "\"" + email + "\" is not the email of a group: use one such as team@example.com");
    }
    return Ascii.toLowerCase(email);
  }

  public static Set<String> requireMembers(String... members) {
    for (String member : members) {
      if (!Members.isMember(member)) {
        throw new IllegalArgumentException(
            "\"%s\" cannot be in a group: use for example user:EMAIL or serviceAccount:EMAIL"
                .formatted(member));
      }
    }
    return ImmutableSet.copyOf(members);
  }

  /** Calls the check with each member of each group. */
  public void requireAll(Consumer<String> check) {
    members.values().forEach(all -> all.forEach(check));
  }

  /** Returns whether a member of a binding matches a principal, directly or through groups. */
  boolean matches(String member, Principal principal) {
    return matches(member, principal, new HashSet<>());
  }

  private boolean matches(String member, Principal principal, Set<String> seenGroups) {
    return principal.matches(member)
        || (member.startsWith(GROUP) && matchesGroup(member, principal, seenGroups));
  }

  private boolean matchesGroup(String member, Principal principal, Set<String> seenGroups) {
    String email = Ascii.toLowerCase(member.substring(GROUP.length()));
    return seenGroups.add(email)
        && members.getOrDefault(email, Set.of()).stream()
            .anyMatch(each -> matches(each, principal, seenGroups));
  }
}
