package io.github.shortlived.audit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Sets;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Expiry;
import io.github.shortlived.policy.TokenPermission;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who can issue what for a service account, by its own policy. Made by {@link AccessAudit#audit}.
 * Immutable; {@link #toString} shows it as a tree.
 *
 * <p>Bindings on the account's project, folders and organization count too and are not here.
 * Members of groups, domains and principal sets are not listed, conditions other than an {@link
 * Binding#expiry} are not evaluated, and neither are deny policies. Nor does it tell what a member
 * could take for itself, such as by creating a key or changing the policy.
 *
 * @param account whose policy was read
 * @param at when, by the clock that decides what has expired
 * @param entries one per member, role and condition, in the policy's order
 */
public record AccountAccess(ServiceAccount account, Instant at, List<Entry> entries) {
  static final String NOT_SHOWN =
      "Not shown: bindings on projects, folders and the organization, which count too";

  /** Copies the list. */
  public AccountAccess {
    entries = ImmutableList.copyOf(entries);
  }

  static AccountAccess of(ServiceAccount account, Instant now, Collection<Binding> bindings) {
    return new AccountAccess(
        account, now, bindings.stream().distinct().map(b -> Entry.of(b, now)).toList());
  }

  /** {@return the entries that give this permission and are {@link Entry#inEffect in effect}} */
  public List<Entry> allowing(TokenPermission permission) {
    return entries.stream()
        .filter(entry -> entry.inEffect() && entry.permissions().contains(permission))
        .toList();
  }

  /**
   * {@return the entries that mean this member, whatever they give and whether or not they are in
   * effect: those of its own, of its domain and of everyone; not those of groups and principal
   * sets, of which only Google knows who belongs to them}
   */
  public List<Entry> entriesFor(Member member) {
    Set<String> keys = Meanings.of(member);
    return entries.stream()
        .filter(entry -> keys.contains(Meanings.key(entry.binding().member().id())))
        .toList();
  }

  /** {@return a tree: the members, and below each what it can do, by which role, and when} */
  @Override
  public String toString() {
    ImmutableListMultimap<Member, Entry> byMember =
        Multimaps.index(entries, entry -> entry.binding().member());
    Stream<TextTree> members =
        byMember.asMap().entrySet().stream().map(of -> tree(of.getKey(), of.getValue()));
    Stream<TextTree> nobody =
        entries.isEmpty() ? Stream.of(TextTree.leaf("Nobody")) : Stream.empty();
    return new TextTree(
            account.id(),
            Stream.of(members, nobody, Stream.of(TextTree.leaf(NOT_SHOWN)))
                .flatMap(branches -> branches)
                .toList())
        .toString();
  }

  private static TextTree tree(Member member, Collection<Entry> entries) {
    return TextTree.over(shown(member), entries.stream().map(Entry::toString));
  }

  private static String shown(Member member) {
    if (Meanings.isDeleted(member)) {
      return member + " (deleted: cannot call)";
    }
    boolean many = Meanings.isSet(member) || member.id().startsWith("domain:");
    return many ? member + " (its members are not listed)" : member.id();
  }

  /**
   * What one binding gives one member. Immutable.
   *
   * @param binding the role, for whom, and when it counts
   * @param roleKnown whether this library knows what the role gives: the roles that {@link
   *     CrossAccountGrant} names, {@code roles/iam.serviceAccountUser} and {@code
   *     roles/iam.serviceAccountAdmin}; others, custom and basic roles included, are not looked up
   * @param permissions what the role gives of what matters here; empty if it is not known
   * @param expired whether a grant of this library has ended
   */
  public record Entry(
      Binding binding, boolean roleKnown, Set<TokenPermission> permissions, boolean expired) {

    /** Copies the set. */
    public Entry {
      permissions = Sets.immutableEnumSet(permissions);
    }

    static Entry of(Binding binding, Instant now) {
      return new Entry(
          binding,
          RolePermissions.permissions(binding.role()).isPresent(),
          RolePermissions.permissions(binding.role()).orElse(Set.of()),
          binding.isExpiredAt(now));
    }

    /**
     * {@return whether the binding counts as far as it tells: it has not expired, and its member is
     * not deleted}
     */
    public boolean inEffect() {
      return !expired && !Meanings.isDeleted(binding.member());
    }

    /** {@return whether it counts only under a condition beyond its expiry, not evaluated here} */
    public boolean conditional() {
      return binding
          .condition()
          .filter(condition -> !Expiry.withoutEnd(condition).isEmpty())
          .isPresent();
    }

    /** {@return what the binding gives, by which role, and when} */
    @Override
    public String toString() {
      return gives() + " " + binding.role() + binding.condition().map(c -> " " + c).orElse("");
    }

    private String gives() {
      if (expired) {
        return "expired:";
      }
      if (!roleKnown) {
        return "not looked up:";
      }
      return (permissions.isEmpty() ? "no credentials" : TokenPermission.inWords(permissions))
          + " by";
    }
  }
}
