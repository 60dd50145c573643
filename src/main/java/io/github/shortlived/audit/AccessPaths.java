package io.github.shortlived.audit;

import com.google.common.collect.Multimaps;
import com.google.common.collect.Sets;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
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
 * The paths on which a caller can issue credentials of a service account: directly, and along
 * delegation chains. {@link AccessAudit#findAccessPaths} returns it. Immutable; {@link #toString}
 * returns a tree.
 *
 * <p>It reports the accounts' own policies. Bindings on projects, folders and the organization may
 * open further paths; deny policies and disabled accounts may close some.
 *
 * @param caller the member at which the paths start
 * @param target the account at which the paths end
 * @param at when the policies were read, by the clock that decides what has expired
 * @param paths the shortest first, then by the accounts' names; no path passes an account twice
 * @param truncated whether there are more paths than these
 * @param undecided the bindings that open further paths if the caller, or an account on the path,
 *     belongs to their group or principal set, or if their unknown role allows it
 * @param notExamined the accounts whose policies could not be read, or are of no use
 */
public record AccessPaths(
    Member caller,
    ServiceAccount target,
    Instant at,
    List<Path> paths,
    boolean truncated,
    List<Binding> undecided,
    List<NotExamined> notExamined) {

  public AccessPaths {
    Arguments.nonNull(caller, "caller");
    Arguments.nonNull(target, "target");
    Arguments.nonNull(at, "at");
    paths = Arguments.copy(paths, "paths");
    undecided = Arguments.copy(undecided, "undecided");
    notExamined = Arguments.copy(notExamined, "notExamined");
  }

  /** {@return a tree: the paths with their bindings, and what is undecided or not examined} */
  @Override
  public String toString() {
    List<TextTree> branches = new ArrayList<>(paths.stream().map(Path::tree).toList());
    if (paths.isEmpty()) {
      branches.add(TextTree.leaf("No path found"));
    }
    if (truncated) {
      branches.add(TextTree.leaf("And more paths, not listed"));
    }
    addList("Undecided: members not expanded, or role not looked up", undecided, branches);
    addList("Not examined", notExamined, branches);
    branches.add(TextTree.leaf(AccountAccess.NOT_SHOWN));
    return new TextTree("From " + caller + " to " + target, branches).toString();
  }

  private static void addList(String title, List<?> lines, List<TextTree> branches) {
    if (!lines.isEmpty()) {
      branches.add(TextTree.over(title, lines.stream().map(Object::toString)));
    }
  }

  /**
   * One path to the target. Immutable.
   *
   * @param accounts the accounts in the order of the path, the target last
   */
  public record Path(List<PathAccount> accounts) {
    /** Copies the list; an empty one causes a {@link CredentialException.InvalidRequest}. */
    public Path {
      accounts = Arguments.copy(accounts, "accounts");
      InternalExceptions.require(
          !accounts.isEmpty(),
          "path",
          "[]",
          "a path needs at least one account, its target",
          "add the target");
    }

    /** {@return the target of requests along this path} */
    public Target target() {
      return Target.of(accounts.stream().map(PathAccount::account).toList());
    }

    /** {@return the credentials that can be issued; never {@code IMPLICIT_DELEGATION}} */
    public Set<TokenPermission> issues() {
      return accounts.get(accounts.size() - 1).bindings().stream()
          .flatMap(entry -> entry.permissions().stream())
          .filter(TokenPermission::issuesCredentials)
          .collect(Sets.toImmutableEnumSet());
    }

    /**
     * {@return when the path expires for this permission; empty if it does not expire}
     *
     * @param permission one of {@link #issues}
     * @throws CredentialException.InvalidRequest if it is another one
     */
    public Optional<Instant> expiry(TokenPermission permission) {
      return alternatives(permission)
          .flatMap(bindings -> latestExpiry(bindings).stream())
          .min(Comparator.naturalOrder());
    }

    private static Optional<Instant> latestExpiry(List<Entry> bindings) {
      Stream<Optional<Instant>> ends = bindings.stream().map(entry -> entry.binding().expiry());
      return ends.max(Comparator.comparing(end -> end.orElse(Instant.MAX))).flatMap(end -> end);
    }

    /**
     * {@return whether the path depends on a condition beyond an expiry, which is not evaluated}
     *
     * @param permission one of {@link #issues}, as for {@link #expiry}
     */
    public boolean conditional(TokenPermission permission) {
      return alternatives(permission)
          .anyMatch(bindings -> bindings.stream().allMatch(Entry::conditional));
    }

    /** Returns, for each account, the bindings of which one suffices for the permission. */
    private Stream<List<Entry>> alternatives(TokenPermission permission) {
      Arguments.nonNull(permission, "permission");
      InternalExceptions.require(
          issues().contains(permission),
          "permission",
          permission.name(),
          "this path issues nothing by it",
          "use one of " + issues());
      Stream<Entry> last =
          accounts.get(accounts.size() - 1).bindings().stream()
              .filter(entry -> entry.permissions().contains(permission));
      return Stream.concat(
          accounts.stream().limit(accounts.size() - 1).map(PathAccount::bindings),
          Stream.of(last.toList()));
    }

    /** {@return the path, and below it its bindings} */
    @Override
    public String toString() {
      return tree().toString();
    }

    private TextTree tree() {
      return TextTree.over(
          names() + ": " + issuedCredentials(),
          accounts.stream()
              .flatMap(each -> each.bindings().stream())
              .map(e -> e.binding().toString()));
    }

    private String issuedCredentials() {
      return Multimaps.index(issues(), this::limit).asMap().entrySet().stream()
          .map(same -> AccountAccess.labels(same.getValue()) + same.getKey())
          .collect(Collectors.joining("; "));
    }

    private String limit(TokenPermission permission) {
      String until = expiry(permission).map(end -> " until " + end).orElse("");
      return until + (conditional(permission) ? " on conditions" : "");
    }

    private String names() {
      return accounts.size() == 1
          ? "directly"
          : accounts.stream().map(each -> each.account().id()).collect(Collectors.joining(" -> "));
    }
  }

  /**
   * An account on a path. Immutable.
   *
   * @param account the account
   * @param bindings the bindings, not expired, that let the previous account delegate to this one
   *     or, at the target, issue credentials; each of them suffices
   */
  public record PathAccount(ServiceAccount account, List<Entry> bindings) {
    public PathAccount {
      Arguments.nonNull(account, "account");
      bindings = Arguments.copy(bindings, "bindings");
    }
  }

  /**
   * An account through which paths may lead, but whose policy is not known. Immutable.
   *
   * @param account the account
   * @param reason why its policy was not read, and how to make it readable; may be several lines
   */
  public record NotExamined(ServiceAccount account, String reason) {
    public NotExamined {
      Arguments.nonNull(account, "account");
      Arguments.nonNull(reason, "reason");
    }

    /** {@return the account and the reason in one line} */
    @Override
    public String toString() {
      return account + ": " + reason.lines().findFirst().orElse("");
    }
  }
}
