package io.github.shortlived.grant;

import io.github.shortlived.internal.policy.PolicyWriteChecks;
import io.github.shortlived.internal.text.CelScanner;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a grant must look like, checked before the network is used. What is read from policies or
 * revoked need not: it is there already.
 */
public final class GrantValidation {
  private static final Pattern ROLE =
      Pattern.compile(
          "roles/[A-Za-z0-9_.]+|(?:projects|organizations)/[a-z0-9:.-]+/roles/[A-Za-z0-9_.]+");
  private static final Pattern PROJECT = Pattern.compile("[a-z0-9:.-]+");
  private static final Set<String> BASIC = Set.of("roles/owner", "roles/editor", "roles/viewer");
  private static final Pattern LOGICAL_OPERATOR = Pattern.compile("&&|\\|\\||!(?!=)");
  private static final Pattern MANY = Pattern.compile("group:|domain:|principalSet:");
  private static final Instant NO_TIMESTAMP = Instant.parse("+10000-01-01T00:00:00Z");
  private static final int LOGICAL_OPERATORS = 12;
  private static final int TITLE = 100;
  private static final int DESCRIPTION = 256;
  private static final int EXPRESSION = 4_096;
  private static final int LONGEST_VALUE = 200;

  private GrantValidation() {}

  /** Everything that is to be granted, at this moment. */
  public static void check(Binding binding, Instant now) {
    checkRole(binding.role());
    checkMember(binding.member());
    binding.condition().ifPresent(condition -> checkCondition(binding, condition));
    binding.expiry().ifPresent(end -> checkAhead(end, now));
  }

  static String checkRole(String role) {
    require(
        ROLE.matcher(role).matches(),
        "role",
        role,
        "a role is roles/ROLE, projects/PROJECT/roles/ROLE or"
            + " organizations/ORGANIZATION/roles/ROLE",
        "Custom roles are listed by: gcloud iam roles list --project=PROJECT");
    require(
        !PolicyWriteChecks.isConditionHash(role),
        "role",
        role,
        "it is how a condition is shown to readers who do not ask for policy version 3",
        "Grant the role without _withcond_… and name the condition with onlyIf(...)");
    return role;
  }

  static Member checkMember(Member member) {
    if (!member.isEveryone()) {
      Member.of(member.id()); // One read from a policy may be of a kind that is no longer granted.
    }
    return member;
  }

  private static void checkCondition(Binding binding, Condition condition) {
    check(condition);
    require(
        !BASIC.contains(binding.role()),
        "role",
        binding.role(),
        "basic roles take no condition and no expiry",
        "Grant a narrower role");
    require(
        !binding.member().isEveryone(),
        "member",
        binding.member().id(),
        "a grant to everyone takes no condition and no expiry",
        "Grant it to those who need it");
  }

  static void check(Condition condition) {
    checkLength("title", condition.title(), 1, TITLE);
    checkLength("description", condition.description(), 0, DESCRIPTION);
    checkLength("expression", condition.expression(), 1, EXPRESSION);
    require(
        logicalOperators(condition.expression()) <= LOGICAL_OPERATORS,
        "condition expression",
        condition.expression(),
        "it has at most 12 logical operators (&&, ||, !), the one before an expiry included",
        "Shorten it; if || joins its parts, grant once for each part");
    require(
        CelScanner.isWhole(condition.expression()),
        "condition expression",
        condition.expression(),
        "brackets, quotes and comments that begin in it end in it, the bracket that an expiry puts"
            + " around it included",
        "Close what is open; end a comment with a line break");
  }

  private static void checkLength(String field, String text, int least, int most) {
    require(
        text.strip().length() >= least && text.length() <= most,
        "condition " + field,
        text,
        "it has %d to %d characters, an expiry's own included, and has %d"
            .formatted(least, most, text.length()),
        least > 0 ? "Say it in a few words" : "Shorten it");
  }

  private static long logicalOperators(String expression) {
    return LOGICAL_OPERATOR.matcher(CelScanner.code(expression)).results().count();
  }

  private static void checkAhead(Instant end, Instant now) {
    require(
        end.isAfter(now),
        "expiry",
        end.toString(),
        "a grant ends in the future, and it is " + now.truncatedTo(ChronoUnit.SECONDS),
        "Pass a later instant to until(...)");
    require(
        end.isBefore(NO_TIMESTAMP),
        "expiry",
        end.toString(),
        "conditions know no timestamp after the year 9999",
        "Pass an earlier instant to until(...), or grant without an end");
  }

  /** When a grant ends that is made now and lasts that long. */
  static Instant end(Instant now, Duration lifetime) {
    require(
        lifetime.compareTo(Duration.between(now, NO_TIMESTAMP)) < 0,
        "lifetime",
        lifetime.toString(),
        "conditions know no timestamp after the year 9999",
        "Pass a shorter duration to expiringIn(...), or grant without an end");
    return now.plus(lifetime);
  }

  static void checkLifetime(Duration lifetime) {
    require(
        lifetime.compareTo(Duration.ofSeconds(1)) >= 0,
        "lifetime",
        lifetime.toString(),
        "a grant lasts at least a second",
        "Pass a longer duration to expiringIn(...)");
  }

  static void checkNoExpiry(CrossAccountGrant grant) {
    require(
        grant.lifetime().isEmpty()
            && grant.bindings().stream().allMatch(binding -> binding.expiry().isEmpty()),
        "grant",
        grant.toString(),
        "it ends already",
        "Call expiringIn(...) or until(...) once");
  }

  static void checkUnconditional(CrossAccountGrant grant) {
    require(
        grant.bindings().stream().noneMatch(Binding::isConditional),
        "grant",
        grant.toString(),
        "it has a condition already",
        "Call onlyIf(...) once, with && between two expressions");
  }

  static void checkProject(String projectId) {
    require(
        PROJECT.matcher(projectId).matches(),
        "project",
        projectId,
        "a project is named by its id or number",
        "Find it with: gcloud projects list");
  }

  static void checkNotIn(Member member, ServiceAccount hop) {
    require(
        !member.id().equalsIgnoreCase("serviceAccount:" + hop.id()),
        "grant",
        member.id(),
        "the member starts the chain and is never in it",
        "Leave it out of through(...) and to(...)");
  }

  /** A relative end is another one each time: what is to be revoked says which. */
  static void checkFixed(CrossAccountGrant grant) {
    require(
        grant.lifetime().isEmpty(),
        "grant",
        grant.toString(),
        "only the plan that made it knows when it ends",
        "Roll that plan back, or remove all the member has with planRevokeEverything(...)");
  }

  static void checkWaiting(Duration longest) {
    require(
        !longest.isNegative(),
        "waiting time",
        longest.toString(),
        "it is zero or more",
        "Pass a duration such as PT7M to upTo(...)");
  }

  /** Only those for whom the bindings are can tell whether they work. */
  static void checkCaller(Optional<Member> caller, List<Member> starts, CrossAccountGrant grant) {
    require(!starts.isEmpty(), "grant", "", "it grants nothing", "Wait for one that has bindings");
    List<Member> single = starts.stream().filter(member -> !isMany(member)).toList();
    require(
        caller.isPresent() || single.size() <= 1,
        "grant",
        grant.toString(),
        "its bindings begin at several members, and the credentials do not tell whose they are",
        "List the bindings in travel order, or wait for each member's by themselves");
    caller.ifPresent(known -> single.forEach(start -> checkStart(known, start)));
  }

  private static void checkStart(Member caller, Member start) {
    require(
        caller.isSameAs(start),
        "caller",
        caller.id(),
        "a grant is tried as the member it begins at, which is " + start,
        "Pass that member's credentials, or the grant with all bindings of the way from the"
            + " caller, in travel order");
  }

  /** Whether more than one can be meant, so that a caller may be one of them. */
  static boolean isMany(Member member) {
    return member.isEveryone() || MANY.matcher(member.id()).lookingAt();
  }

  /** Each with a member: of a caller that is not known nothing can be granted. */
  static List<Binding> checkRequired(Collection<RequiredGrant> required) {
    require(!required.isEmpty(), "grant", "", "none is known to help", "See what the refusal says");
    return required.stream().map(GrantValidation::checkRequired).toList();
  }

  private static Binding checkRequired(RequiredGrant required) {
    require(
        required.member().isPresent(),
        "grant",
        required.toString(),
        "the source credentials do not tell who calls",
        "Grant it to the caller by name: CrossAccountGrant.role(role, member).on(account)");
    return new Binding(required.account(), required.role(), required.member().get());
  }

  private static void require(boolean holds, String what, String value, String rule, String fix) {
    if (!holds) {
      throw new InvalidRequest("Invalid %s '%s': %s. %s.".formatted(what, shown(value), rule, fix));
    }
  }

  /** In one visible line, without secrets. */
  static String shown(String value) {
    String line = SafeText.oneLine(SafeText.redact(value));
    return line.codePointCount(0, line.length()) <= LONGEST_VALUE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
  }
}
