package io.github.shortlived.model;

import io.github.shortlived.internal.text.GcloudCommand;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.SafeText;
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
    return GcloudCommand.editBinding("add", account.id(), memberText(), role, "None");
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
}
