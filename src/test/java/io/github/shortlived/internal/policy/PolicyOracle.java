package io.github.shortlived.internal.policy;

import com.google.common.base.Ascii;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import com.google.type.Expr;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** Computes what policies grant, independently of the code that edits them. */
public final class PolicyOracle {
  private PolicyOracle() {}

  /** One role for one member under one condition; equal for all spellings of the member. */
  public record Granted(String role, String member, String condition) {
    static Granted of(io.github.shortlived.policy.Binding binding) {
      String condition =
          binding.condition().map(c -> text(BindingEdits.toExpr(c))).orElse("always");
      return new Granted(binding.role(), spelling(binding.member().id()), condition);
    }

    static Granted of(Binding binding, String member) {
      String condition = binding.hasCondition() ? text(binding.getCondition()) : "always";
      return new Granted(binding.getRole(), spelling(member), condition);
    }

    private static String text(Expr condition) {
      return List.of(condition.getTitle(), condition.getDescription(), condition.getExpression())
          .toString();
    }
  }

  public static String spelling(String member) {
    String kind = member.startsWith("deleted:") ? member.substring("deleted:".length()) : member;
    boolean exact = kind.startsWith("principal:") || kind.startsWith("principalSet:");
    return exact ? member : Ascii.toLowerCase(member);
  }

  /** Returns whether a policy has this member because the other one was deleted. */
  public static boolean isDeleted(String inPolicy, String member) {
    int uid = inPolicy.lastIndexOf("?uid=");
    String name = uid < 0 ? inPolicy : inPolicy.substring(0, uid);
    return spelling(name).equals("deleted:" + spelling(member));
  }

  public static Set<Granted> granted(Policy policy) {
    return policy.getBindingsList().stream()
        .flatMap(b -> b.getMembersList().stream().map(member -> Granted.of(b, member)))
        .collect(Collectors.toCollection(HashSet::new));
  }

  public static Set<Granted> granted(Collection<io.github.shortlived.policy.Binding> bindings) {
    return bindings.stream().map(Granted::of).collect(Collectors.toSet());
  }

  /** Returns everything else in its order: an edit of these must leave it unchanged. */
  static ByteString foreignTo(
      Collection<io.github.shortlived.policy.Binding> bindings, Policy policy) {
    Set<Granted> ours = granted(bindings);
    return without(policy, (binding, member) -> ours.contains(Granted.of(binding, member)));
  }

  /** Returns the policy without these members, their empty bindings and the version. */
  public static ByteString without(Policy policy, BiPredicate<Binding, String> unwanted) {
    Policy.Builder rest = policy.toBuilder().clearBindings().clearVersion();
    for (Binding binding : policy.getBindingsList()) {
      List<String> others =
          binding.getMembersList().stream()
              .filter(member -> !unwanted.test(binding, member))
              .toList();
      if (!others.isEmpty() || binding.getMembersCount() == 0) {
        rest.addBindings(binding.toBuilder().clearMembers().addAllMembers(others));
      }
    }
    return rest.build().toByteString();
  }
}
