package io.github.shortlived.audit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Sets;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.TokenPermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who can issue which credentials of a service account, by its own policy. {@link
 * AccessAudit#audit} returns it. Immutable; {@link #toString} returns a tree.
 *
 * <p>Bindings on the account's project, folders and organization also apply and are not included.
 * Members of groups, domains and principal sets are not listed. Conditions other than an {@link
 * Binding#expiry} are not evaluated, and neither are deny policies. Indirect access, such as the
 * permission to create a key or to change the policy, is not reported.
 *
 * @param account the account whose policy was read
 * @param at when the policy was read, by the clock that decides what has expired
 * @param entries one entry per member, role and condition, in the order of the policy
 */
public record AccountAccess(ServiceAccount account, Instant at, List<Entry> entries) {
  static final String NOT_SHOWN =
      "Not shown: bindings on projects, folders and the organization, which also apply";

  public AccountAccess {
    Arguments.nonNull(account, "account");
    Arguments.nonNull(at, "at");
    entries = Arguments.copy(entries, "entries");
  }

  static AccountAccess of(ServiceAccount account, Instant now, Collection<Binding> bindings) {
    return new AccountAccess(
        account, now, bindings.stream().distinct().map(b -> Entry.of(b, now)).toList());
  }

  /** {@return the entries that grant this permission and are {@link Entry#inEffect in effect}} */
  public List<Entry> allowing(TokenPermission permission) {
    Arguments.nonNull(permission, "permission");
    return entries.stream()
        .filter(entry -> entry.inEffect() && entry.permissions().contains(permission))
        .toList();
  }

  /**
   * {@return the entries of this member, also if it was deleted, of its domain and of everyone,
   * with any role and whether or not they are in effect; entries of groups and principal sets are
   * excluded, because only Google knows their members}
   */
  public List<Entry> entriesFor(Member member) {
    Arguments.nonNull(member, "member");
    Set<String> ids = AllowedMembers.matchingIds(member);
    return entries.stream()
        .filter(entry -> ids.contains(entry.binding().member().beforeDeletion().normalizedId()))
        .toList();
  }

  /** {@return a tree: the members, and below each one its permissions, roles and conditions} */
  @Override
  public String toString() {
    List<TextTree> branches = new ArrayList<>();
    Multimaps.asMap(Multimaps.index(entries, entry -> entry.binding().member()))
        .forEach(
            (member, own) ->
                branches.add(TextTree.over(describe(member), own.stream().map(Entry::toString))));
    if (branches.isEmpty()) {
      branches.add(TextTree.leaf("No members"));
    }
    branches.add(TextTree.leaf(NOT_SHOWN));
    return new TextTree(account.id(), branches).toString();
  }

  private static String describe(Member member) {
    if (member.isDeleted()) {
      return member + " (deleted: cannot call)";
    }
    boolean hasMembers = member.standsForMany() && !member.isEveryone();
    return hasMembers ? member + " (its members are not listed)" : member.id();
  }

  static String labels(Collection<TokenPermission> permissions) {
    return permissions.stream()
        .sorted()
        .map(TokenPermission::label)
        .collect(Collectors.joining(", "));
  }

  /**
   * One binding, and what it allows. Immutable.
   *
   * @param binding the role, the member and the condition
   * @param roleKnown whether this library knows the permissions of the role: true for {@code
   *     iam.serviceAccountTokenCreator}, {@code iam.serviceAccountOpenIdTokenCreator}, {@code
   *     iam.workloadIdentityUser}, {@code iam.serviceAccountUser}, {@code iam.serviceAccountViewer}
   *     and {@code iam.serviceAccountAdmin}; other roles are not looked up
   * @param permissions the permissions of the role; empty if they are not known
   * @param expired whether the {@link Binding#expiry} has passed
   */
  public record Entry(
      Binding binding, boolean roleKnown, Set<TokenPermission> permissions, boolean expired) {

    // Other roles are not looked up: custom roles change, and reading them needs permissions.
    private static final ImmutableMap<String, Set<TokenPermission>> PERMISSIONS =
        ImmutableMap.of(
            IamRoles.TOKEN_CREATOR, Set.of(TokenPermission.values()),
            IamRoles.OPEN_ID_TOKEN_CREATOR, Set.of(TokenPermission.ID_TOKEN),
            IamRoles.WORKLOAD_IDENTITY_USER,
                Set.of(TokenPermission.ACCESS_TOKEN, TokenPermission.ID_TOKEN),
            IamRoles.SERVICE_ACCOUNT_USER, Set.of(),
            IamRoles.SERVICE_ACCOUNT_VIEWER, Set.of(),
            IamRoles.SERVICE_ACCOUNT_ADMIN, Set.of());

    public Entry {
      Arguments.nonNull(binding, "binding");
      permissions = Sets.immutableEnumSet(Arguments.copy(permissions, "permissions"));
    }

    static Entry of(Binding binding, Instant now) {
      Set<TokenPermission> known = PERMISSIONS.getOrDefault(binding.role(), Set.of());
      boolean roleKnown = PERMISSIONS.containsKey(binding.role());
      return new Entry(binding, roleKnown, known, binding.isExpiredAt(now));
    }

    /** {@return whether the binding has not expired and its member was not deleted} */
    public boolean inEffect() {
      return !expired && !binding.member().isDeleted();
    }

    /** {@return whether there is a condition beyond the expiry, which is not evaluated here} */
    public boolean conditional() {
      return binding.isConditional();
    }

    /** {@return the permissions, the role and the condition} */
    @Override
    public String toString() {
      String when = binding.condition().map(c -> " " + c).orElse("");
      return SafeText.visible(describe() + " " + binding.role() + when);
    }

    private String describe() {
      if (expired || !roleKnown) {
        return expired ? "expired:" : "not looked up:";
      }
      return (permissions.isEmpty() ? "no credentials" : labels(permissions)) + " by";
    }
  }
}
