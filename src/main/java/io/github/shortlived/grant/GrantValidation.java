package io.github.shortlived.grant;

import static io.github.shortlived.model.InternalExceptions.require;
import static java.time.temporal.ChronoUnit.SECONDS;

import io.github.shortlived.internal.policy.PolicyWriteChecks;
import io.github.shortlived.internal.text.CelScanner;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks grants before any call. Bindings that are revoked, or were read from a policy, are not
 * checked: they exist already.
 */
final class GrantValidation {
  private static final Pattern ROLE =
      Pattern.compile(
          "roles/[A-Za-z0-9_.]+|(?:projects|organizations)/[a-z0-9:.-]+/roles/[A-Za-z0-9_.]+");
  private static final Set<String> BASIC = Set.of("roles/owner", "roles/editor", "roles/viewer");
  private static final Pattern LOGICAL_OPERATOR = Pattern.compile("&&|\\|\\||!(?!=)");
  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  private GrantValidation() {}

  static Binding check(Binding binding, Instant now) {
    checkRole(binding.role());
    checkMember(binding.member());
    binding.condition().ifPresent(condition -> checkConditional(binding, condition));
    binding.expiry().ifPresent(expiry -> checkExpiry(expiry, now));
    return binding;
  }

  static String checkRole(String role) {
    require(
        ROLE.matcher(role).matches(),
        "role",
        role,
        "a role is roles/ROLE, projects/PROJECT/roles/ROLE or"
            + " organizations/ORGANIZATION/roles/ROLE",
        "List custom roles with: gcloud iam roles list --project=PROJECT");
    require(
        !PolicyWriteChecks.isConditionHash(role),
        "role",
        role,
        "it stands for a role with a condition, in a policy that was not read as version 3",
        "Grant the role without _withcond_… and pass the condition to onlyIf(...)");
    return role;
  }

  static Member checkMember(Member member) {
    if (!member.isEveryone()) {
      Member.of(member.id()); // A policy can hold kinds of members that cannot be granted.
    }
    return member;
  }

  private static void checkConditional(Binding binding, Condition condition) {
    check(condition);
    require(
        !BASIC.contains(binding.role()),
        "role",
        binding.role(),
        "basic roles support no condition and no expiry",
        "Grant a narrower role");
    require(
        !binding.member().isEveryone(),
        "member",
        binding.member().id(),
        "a grant to everyone supports no condition and no expiry",
        "Grant it to specific members");
  }

  static void check(Condition condition) {
    String expression = condition.expression();
    checkLength("title", condition.title(), 1, 100);
    checkLength("description", condition.description(), 0, 256);
    checkLength("expression", expression, 1, 4_096);
    require(
        LOGICAL_OPERATOR.matcher(CelScanner.code(expression)).results().count() <= 12,
        "condition expression",
        expression,
        "it must have at most 12 logical operators (&&, ||, !), including the one that an expiry adds",
        "Shorten it, or make one grant for each part of an ||");
    require(
        CelScanner.isWhole(expression),
        "condition expression",
        expression,
        "brackets, quotes and comments are closed, including the bracket that an expiry adds",
        "Close them; end a comment with a line break");
  }

  private static void checkLength(String field, String text, int least, int most) {
    require(
        text.strip().length() >= least && text.length() <= most,
        "condition " + field,
        text,
        "it must have %d to %d characters, including those that an expiry adds, but has %d"
            .formatted(least, most, text.length()),
        text.isBlank() ? "Pass a text" : "Shorten it");
  }

  private static void checkExpiry(Instant expiry, Instant now) {
    require(
        expiry.isAfter(now) && expiry.isBefore(YEAR_10000),
        "expiry",
        expiry.toString(),
        "it must be after now, %s, and before the year 10000".formatted(now.truncatedTo(SECONDS)),
        "Pass another instant to until(...), or grant without an expiry");
  }

  static Instant expiry(Instant now, Duration lifetime) {
    require(
        lifetime.compareTo(Duration.between(now, YEAR_10000)) < 0,
        "lifetime",
        Phrases.exact(lifetime),
        "IAM conditions support no timestamp after the year 9999",
        "Pass a shorter duration to expiringIn(...), or grant without an expiry");
    return now.plus(lifetime);
  }

  static void checkLifetime(Duration lifetime) {
    require(
        lifetime.compareTo(Duration.ofSeconds(1)) >= 0,
        "lifetime",
        Phrases.exact(lifetime),
        "it must be at least 1 s",
        "Pass a longer duration to expiringIn(...)");
  }

  static void checkNoExpiry(CrossAccountGrant grant) {
    require(
        grant.lifetime().isEmpty()
            && grant.bindings().stream().allMatch(binding -> binding.expiry().isEmpty()),
        "grant",
        oneLine(grant),
        "it has an expiry already"
            + grant.lifetime().map(length -> ", for " + Phrases.exact(length)).orElse(""),
        "Call expiringIn(...) or until(...) once");
  }

  static void checkUnconditional(CrossAccountGrant grant) {
    require(
        grant.bindings().stream().noneMatch(Binding::isConditional),
        "grant",
        oneLine(grant),
        "it has a condition already",
        "Call onlyIf(...) once, with && between two expressions");
  }

  static void checkNotIn(Member member, ServiceAccount account) {
    require(
        !member.id().equalsIgnoreCase(MemberIds.ofServiceAccount(account.id())),
        "grant",
        member.id(),
        "the member starts the chain and is not part of it",
        "Remove it from through(...) and to(...)");
  }

  /** Converts grants to bindings; a caller must be known to be granted a role. */
  static List<Binding> bindings(Collection<RequiredGrant> required) {
    require(
        !required.isEmpty(), "grant", "", "no required grant is known", "Read the refusal's text");
    return required.stream().map(GrantValidation::binding).toList();
  }

  private static Binding binding(RequiredGrant required) {
    require(
        required.member().isPresent(),
        "grant",
        required.toString(),
        "the source credentials do not identify the caller",
        "Name the caller: CrossAccountGrant.role(role, member).on(account)");
    return new Binding(required.account(), required.role(), required.member().get());
  }

  static String oneLine(CrossAccountGrant grant) {
    return grant.toString().replace("\n", "; ");
  }
}
