package io.github.shortlived.model;

import io.github.shortlived.internal.text.IamRoles;
import java.util.ArrayList;
import java.util.List;

/**
 * The grants that resolve a refusal by an IAM policy, as text.
 *
 * @param permission the permission that the request needs on its target
 * @param grants the grants in the order of the path; the last one contains the permission
 * @param diagnosisHint how to find the missing one; ends a sentence
 */
record GrantAdvice(String permission, List<RequiredGrant> grants, String diagnosisHint) {
  private static final String GOOGLES_PAGES = "https://cloud.google.com/iam/docs/";

  /** Creates the advice for a request for a target, whose chain can be diagnosed. */
  static GrantAdvice forTarget(String permission, List<RequiredGrant> grants) {
    return new GrantAdvice(
        permission, grants, ": Diagnostics.using(credentials).diagnose(chain) finds it.");
  }

  /** Creates the advice for source credentials, which have delegates of their own. */
  static GrantAdvice forSource(String permission, List<RequiredGrant> grants) {
    return new GrantAdvice(permission, grants, ".");
  }

  /** Returns lines that begin with a line break; empty if there are no grants. */
  String text() {
    if (grants.isEmpty()) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    lines.add(isChain() ? "It needs each of these grants:" : "It needs this grant:");
    grants.forEach(grant -> lines.add(describe(grant)));
    addRemarks(lines);
    return "\n" + String.join("\n", lines);
  }

  private String describe(RequiredGrant grant) {
    return "  %s needs %s on %s:\n    %s\n    %s"
        .formatted(
            grant.memberText(),
            grant.equals(last()) ? permission : IamRoles.IMPLICIT_DELEGATION,
            grant.account(),
            grant.javaExpression(),
            grant.gcloudCommand().replace(" --", " \\\n        --"));
  }

  private void addRemarks(List<String> lines) {
    if (grants.stream().anyMatch(grant -> grant.member().isEmpty())) {
      lines.add("Replace MEMBER: the source credentials do not say who the caller is.");
    }
    if (isChain()) {
      lines.add("Google does not report which of them is missing" + diagnosisHint);
    }
    if (isForTokens() && permission.equals(IamRoles.GET_OPEN_ID_TOKEN)) {
      lines.add(
          "On %s, the narrower %s is enough."
              .formatted(last().account(), IamRoles.OPEN_ID_TOKEN_CREATOR));
    }
    lines.add("Google's page: " + GOOGLES_PAGES + page());
  }

  private String page() {
    return isForTokens()
        ? "create-short-lived-credentials-" + (isChain() ? "delegated" : "direct")
        : "manage-access-service-accounts";
  }

  private boolean isForTokens() {
    return last().role().equals(IamRoles.TOKEN_CREATOR);
  }

  private boolean isChain() {
    return grants.size() > 1;
  }

  private RequiredGrant last() {
    return grants.get(grants.size() - 1);
  }
}
