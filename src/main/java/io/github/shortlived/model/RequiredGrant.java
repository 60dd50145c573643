package io.github.shortlived.model;

import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ShellCommand;
import java.util.ArrayList;
import java.util.List;
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
    return '"' + SafeText.escape(escaped, "\\u%04x"::formatted) + '"';
  }

  /** Returns the member, or {@code MEMBER} for an unknown caller. */
  String memberText() {
    return member.map(Member::toString).orElse("MEMBER");
  }

  /** {@return {@code ROLE on ACCOUNT for MEMBER}} */
  @Override
  public String toString() {
    return "%s on %s for %s".formatted(role, account, memberText());
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
    boolean tokens = last.role.equals(IamRoles.TOKEN_CREATOR);
    List<String> lines = new ArrayList<>();
    lines.add(chain ? "It needs each of these grants:" : "It needs this grant:");
    for (RequiredGrant grant : grants) {
      lines.add(grant.describe(grant.equals(last) ? permission : IamRoles.IMPLICIT_DELEGATION));
    }
    if (grants.stream().anyMatch(grant -> grant.member.isEmpty())) {
      lines.add("Replace MEMBER: the source credentials do not say who the caller is.");
    }
    if (chain) {
      lines.add("Google does not report which of them is missing" + diagnosisHint);
    }
    if (tokens && permission.equals(IamRoles.GET_OPEN_ID_TOKEN)) {
      lines.add(
          "On %s, the narrower %s is enough."
              .formatted(last.account, IamRoles.OPEN_ID_TOKEN_CREATOR));
    }
    String kind = chain ? "delegated" : "direct";
    lines.add(
        "Google's page: https://cloud.google.com/iam/docs/"
            + (tokens
                ? "create-short-lived-credentials-" + kind
                : "manage-access-service-accounts"));
    return "\n" + String.join("\n", lines);
  }

  private String describe(String permission) {
    return "  %s needs %s on %s:\n    %s\n    %s"
        .formatted(
            memberText(),
            permission,
            account,
            javaExpression(),
            gcloudCommand().replace(" --", " \\\n        --"));
  }
}
