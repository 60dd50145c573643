package io.github.shortlived.testing.internal.policy;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.testing.internal.account.Principal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Who belongs to which group, by the groups' emails; a group may hold others. */
public record Groups(Map<String, Set<String>> members) {
  private static final String GROUP = "group:";

  public Groups {
    members = Map.copyOf(members);
  }

  public static String requireEmail(String email) {
    if (!PolicyValidator.isMember(GROUP + email)) {
      throw new IllegalArgumentException(
          "\"" + email + "\" is no group's email: give one such as team@example.com");
    }
    return email;
  }

  public static Set<String> requireMembers(String... members) {
    for (String member : members) {
      if (!PolicyValidator.isMember(member)) {
        throw new IllegalArgumentException(
            "\"%s\" cannot be in a group: give for example user:EMAIL or serviceAccount:EMAIL"
                .formatted(member));
      }
    }
    return ImmutableSet.copyOf(members);
  }

  /** Puts every member that any group holds to a test. */
  public void requireAll(Consumer<String> test) {
    members.values().forEach(all -> all.forEach(test));
  }

  /** Whether a binding to {@code bound} means that principal, itself or by a group. */
  boolean matches(String bound, Principal who) {
    return who.matches(bound) || (bound.startsWith(GROUP) && contains(bound, who, new HashSet<>()));
  }

  private boolean contains(String group, Principal who, Set<String> seen) {
    return seen.add(group)
        && members.getOrDefault(group.substring(GROUP.length()), Set.of()).stream()
            .anyMatch(member -> includes(member, who, seen));
  }

  private boolean includes(String member, Principal who, Set<String> seen) {
    return who.matches(member) || (member.startsWith(GROUP) && contains(member, who, seen));
  }
}
