package io.github.shortlived.model;

import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ShellWord;
import java.util.Optional;

/**
 * A binding that a refused request needs: this role, on this service account, for this member.
 * Immutable.
 *
 * @param account the service account whose policy is to be changed
 * @param role such as {@code roles/iam.serviceAccountTokenCreator}
 * @param member who is to hold the role; empty where the source credentials do not tell who calls
 */
public record RequiredGrant(ServiceAccount account, String role, Optional<Member> member) {

  /**
   * {@return the shell command that makes this grant, without a condition, with {@code MEMBER} for
   * an unknown caller}
   */
  public String gcloudCommand() {
    return "gcloud iam service-accounts add-iam-policy-binding %s --member=%s --role=%s --condition=None"
        .formatted(account, ShellWord.of(memberText()), role);
  }

  /**
   * {@return the Java expression of this grant, a {@code CrossAccountGrant} for {@code
   * Grants.plan}, without a condition, with {@code MEMBER} for an unknown caller}
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

  /** {@return the grant in words} */
  @Override
  public String toString() {
    return "%s on %s for %s".formatted(role, account, memberText());
  }

  /** The member, or {@code MEMBER}. */
  String memberText() {
    return member.map(Member::toString).orElse("MEMBER");
  }
}
