package io.github.shortlived.testing;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import java.util.List;

/** How policies speak of their members. */
final class Members {
  private Members() {}

  /** A deleted account is bound on, under a name that no new account of the same email has. */
  static String deleted(Account account) {
    return "deleted:" + account.principal().member() + "?uid=" + account.uniqueId();
  }

  static Policy renamed(Policy policy, String member, String to) {
    List<Binding> bindings =
        policy.getBindingsList().stream().map(binding -> renamed(binding, member, to)).toList();
    return policy.toBuilder().clearBindings().addAllBindings(bindings).build();
  }

  private static Binding renamed(Binding binding, String member, String to) {
    List<String> members =
        binding.getMembersList().stream()
            .map(bound -> bound.equalsIgnoreCase(member) ? to : bound)
            .toList();
    return binding.toBuilder().clearMembers().addAllMembers(members).build();
  }
}
