package io.github.shortlived.audit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Sets;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.TokenPermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ways on which a caller can issue credentials of a service account: directly, and along
 * delegation chains. Made by {@link AccessAudit#findAccessPaths}. Immutable; {@link #toString}
 * shows it as a tree.
 *
 * <p>It tells what the accounts' own policies say. Bindings on projects, folders and the
 * organization may open further ways; deny policies, and accounts that are disabled, may close
 * some.
 *
 * @param caller where the ways start
 * @param target where they end
 * @param at when the policies were read, by the clock that decides what has expired
 * @param paths shortest first, then by the accounts' names; no account comes twice on one
 * @param truncated whether there are more ways than these
 * @param undecided the bindings that open further ways if the caller, or an account on the way,
 *     belongs to their group or principal set, or if their role, which is not looked up, allows it
 * @param notExamined accounts whose policies could not be read, or are of no use
 */
public record AccessPaths(
    Member caller,
    ServiceAccount target,
    Instant at,
    List<Path> paths,
    boolean truncated,
    List<Binding> undecided,
    List<NotExamined> notExamined) {

  /** Copies the lists. */
  public AccessPaths {
    paths = ImmutableList.copyOf(paths);
    undecided = ImmutableList.copyOf(undecided);
    notExamined = ImmutableList.copyOf(notExamined);
  }

  /** {@return a tree: the ways, below each the bindings that carry it, and what was left open} */
  @Override
  public String toString() {
    List<TextTree> branches = new ArrayList<>(paths.stream().map(Path::tree).toList());
    if (paths.isEmpty()) {
      branches.add(TextTree.leaf("No way found"));
    }
    if (truncated) {
      branches.add(TextTree.leaf("And more ways, left out"));
    }
    listed("Undecided: members not expanded, or role not looked up", undecided, branches);
    listed("Not examined", notExamined, branches);
    branches.add(TextTree.leaf(AccountAccess.NOT_SHOWN));
    return new TextTree("From " + caller + " to " + target, branches).toString();
  }

  private static void listed(String title, List<?> lines, List<TextTree> branches) {
    if (!lines.isEmpty()) {
      branches.add(TextTree.over(title, lines.stream().map(Object::toString)));
    }
  }

  /**
   * One way to the target. Immutable.
   *
   * @param hops the accounts in travel order, the target last, and what carries to each
   */
  public record Path(List<Hop> hops) {
    /**
     * Copies the list.
     *
     * @throws CredentialException.InvalidRequest if it is empty
     */
    public Path {
      hops = ImmutableList.copyOf(hops);
      if (hops.isEmpty()) {
        throw new CredentialException.InvalidRequest(
            "Invalid way '[]': a way has at least one hop, its target. Name the target.");
      }
    }

    /** {@return for whom the caller asks to go this way, as requests take it} */
    public Target target() {
      List<ServiceAccount> delegates =
          hops.subList(0, hops.size() - 1).stream().map(Hop::account).toList();
      return delegates.isEmpty()
          ? last().account()
          : DelegationChain.through(delegates).to(last().account());
    }

    private Hop last() {
      return hops.get(hops.size() - 1);
    }

    /**
     * {@return what can be issued at its end, never {@link TokenPermission#IMPLICIT_DELEGATION}}
     */
    public Set<TokenPermission> issues() {
      return last().bindings().stream()
          .flatMap(entry -> entry.permissions().stream())
          .filter(TokenPermission::mints)
          .collect(Sets.toImmutableEnumSet());
    }

    /**
     * {@return when the way ends for this permission, at the latest; empty if it has no end}
     *
     * @param permission one of those it {@link #issues}
     * @throws CredentialException.InvalidRequest if it is not
     */
    public Optional<Instant> expiry(TokenPermission permission) {
      return hopsFor(permission)
          .flatMap(hop -> hop.expiry().stream())
          .min(Comparator.naturalOrder());
    }

    /**
     * {@return whether the permission depends on a condition beyond an expiry, not evaluated here}
     *
     * @param permission one of those it {@link #issues}
     * @throws CredentialException.InvalidRequest if it is not
     */
    public boolean conditional(TokenPermission permission) {
      return hopsFor(permission).anyMatch(Hop::conditional);
    }

    private Stream<Hop> hopsFor(TokenPermission permission) {
      if (!issues().contains(permission)) {
        throw new CredentialException.InvalidRequest(
            "Invalid permission '%s': this way issues nothing by it. Ask for one of %s."
                .formatted(permission, issues()));
      }
      Stream<Hop> delegates = hops.stream().limit(hops.size() - 1);
      return Stream.concat(delegates, Stream.of(last().allowing(permission)));
    }

    /** {@return the way, and below it the bindings that carry it} */
    @Override
    public String toString() {
      return tree().toString();
    }

    private TextTree tree() {
      return TextTree.over(
          names() + ": " + inWords(),
          hops.stream().flatMap(hop -> hop.bindings().stream()).map(e -> e.binding().toString()));
    }

    /** What is to be had together, until when. */
    private String inWords() {
      ImmutableListMultimap<String, TokenPermission> byEnd = Multimaps.index(issues(), this::when);
      return byEnd.asMap().entrySet().stream()
          .map(end -> TokenPermission.inWords(end.getValue()) + end.getKey())
          .collect(Collectors.joining("; "));
    }

    private String when(TokenPermission permission) {
      String end = expiry(permission).map(instant -> " until " + instant).orElse("");
      return end + (conditional(permission) ? " on conditions" : "");
    }

    private String names() {
      return hops.size() == 1
          ? "directly"
          : hops.stream().map(hop -> hop.account().id()).collect(Collectors.joining(" -> "));
    }
  }

  /**
   * An account on a way. Immutable.
   *
   * @param account who is reached
   * @param bindings what lets the one before it through, or at the way's end issue something: any
   *     one of them does; none has expired
   */
  public record Hop(ServiceAccount account, List<Entry> bindings) {
    /** Copies the list. */
    public Hop {
      bindings = ImmutableList.copyOf(bindings);
    }

    private Hop allowing(TokenPermission permission) {
      return new Hop(
          account,
          bindings.stream().filter(entry -> entry.permissions().contains(permission)).toList());
    }

    private boolean conditional() {
      return bindings.stream().allMatch(Entry::conditional);
    }

    private Optional<Instant> expiry() {
      Stream<Optional<Instant>> ends = bindings.stream().map(entry -> entry.binding().expiry());
      return ends.max(Comparator.comparing(end -> end.orElse(Instant.MAX))).flatMap(end -> end);
    }
  }

  /**
   * An account that ways might lead through, if its policy were known. Immutable.
   *
   * @param account which one
   * @param reason why its policy was not read, with what it takes to read it; may be several lines
   */
  public record NotExamined(ServiceAccount account, String reason) {
    /** {@return the account and the reason in one line} */
    @Override
    public String toString() {
      return account + ": " + reason.lines().findFirst().orElse("");
    }
  }
}
