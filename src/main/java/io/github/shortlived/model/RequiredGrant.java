package io.github.shortlived.model;

import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ShellCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A binding that a refused request needs: this role on this service account for this member.
 * Immutable.
 *
 * @param account the service account whose policy needs the binding
 * @param role the role, such as {@code roles/iam.serviceAccountTokenCreator}
 * @param member the member; empty if the source credentials do not say who the caller is
 */
public record RequiredGrant(ServiceAccount account, String role, Optional<Member> member) {
  public RequiredGrant {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(member, "member");
  }

  private static final String SELF_ADVICE =
      "The caller is %s itself: use Target.self(). It needs this grant only to sign without a key.";

  /**
   * {@return the gcloud command that adds this binding without a condition, for POSIX shells; with
   * {@code MEMBER} for an unknown caller}
   */
  public String gcloudCommand() {
    return ShellCommand.editBinding("add", account.id(), memberText(), role, "None");
  }

  /**
   * {@return the Java expression of this grant without a condition, a {@code CrossAccountGrant} for
   * {@code Grants.plan}; with {@code MEMBER} for an unknown caller}
   */
  public String javaExpression() {
    return "CrossAccountGrant.%s%s).on(ServiceAccount.of(%s))"
        .formatted(roleExpression(), memberExpression(), literal(account.id()));
  }

  private String roleExpression() {
    return switch (role) {
      case IamRoles.TOKEN_CREATOR -> "tokenCreator(";
      case IamRoles.OPEN_ID_TOKEN_CREATOR -> "openIdTokenCreator(";
      case IamRoles.WORKLOAD_IDENTITY_USER -> "workloadIdentityUser(";
      default -> "role(" + literal(role) + ", ";
    };
  }

  private String memberExpression() {
    return member.filter(Member::isEveryone).isPresent()
        ? "Member.%s()".formatted(memberText())
        : "Member.of(%s)".formatted(literal(memberText()));
  }

  private static String literal(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return '"' + SafeText.escape(escaped, SafeText::javaEscape) + '"';
  }

  /**
   * {@return whether the member is the account itself} Its own credentials need no such grant: see
   * {@link Target#self()}.
   */
  public boolean isOnItself() {
    return account.isEmail() && member.filter(Member.of(account)::isSameAs).isPresent();
  }

  /** Returns the member, or {@code MEMBER} for an unknown caller. */
  String memberText() {
    return member.map(Member::id).orElse("MEMBER");
  }

  /** {@return {@code ROLE on ACCOUNT for MEMBER}} */
  @Override
  public String toString() {
    return SafeText.visible("%s on %s for %s".formatted(role, account, memberText()));
  }

  /**
   * Formats the grants that resolve a refusal by an IAM policy, in lines that begin with a line
   * break; empty if there are no grants.
   *
   * @param permission the permission that the request needs on its target
   * @param grants the grants in the order of the chain; the last one contains the permission
   * @param diagnosisHint how to find the missing one; ends a sentence
   */
  static String advice(String permission, List<RequiredGrant> grants, String diagnosisHint) {
    if (grants.isEmpty()) {
      return "";
    }
    RequiredGrant last = grants.get(grants.size() - 1);
    boolean chain = grants.size() > 1;
    List<String> lines = new ArrayList<>();
    RequiredGrant first = grants.get(0);
    if (first.isOnItself()) {
      lines.add(
          chain
              ? "The caller is %s itself: leave it out of the chain.".formatted(first.account)
              : SELF_ADVICE.formatted(first.account));
    }
    lines.add(chain ? "It needs each of these grants:" : "It needs this grant:");
    for (RequiredGrant grant : grants) {
      lines.add(grant.describe(grant.equals(last) ? permission : IamRoles.IMPLICIT_DELEGATION));
    }
    if (grants.stream().anyMatch(grant -> grant.member.isEmpty())) {
      lines.add("Replace MEMBER: the source credentials do not say who the caller is.");
    }
    if (chain) {
      lines.add("If the order of the chain is wrong, correct it: these grants are for this order.");
      lines.add("Google does not report which of them is missing" + diagnosisHint);
    }
    String kind = chain ? "delegated" : "direct";
    lines.add(
        "Google's page: https://cloud.google.com/iam/docs/"
            + (last.isTokenCreator()
                ? "create-short-lived-credentials-" + kind
                : "manage-access-service-accounts"));
    return "\n" + String.join("\n", lines);
  }

  private boolean isTokenCreator() {
    return role.equals(IamRoles.TOKEN_CREATOR) || role.equals(IamRoles.OPEN_ID_TOKEN_CREATOR);
  }

  private String describe(String permission) {
    return "  %s needs %s on %s:\n    %s\n    %s"
        .formatted(
            SafeText.visible(memberText()),
            permission,
            account,
            javaExpression(),
            gcloudCommand().replace(" --", " \\\n        --"));
  }
}
