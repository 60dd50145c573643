package io.github.shortlived.model;

import java.util.ArrayList;
import java.util.List;

/**
 * How to cure a refusal by policies.
 *
 * @param permission that the request needs on its target, such as {@code
 *     iam.serviceAccounts.getAccessToken}
 * @param grants in the order a request travels; the last one is for the permission itself
 * @param diagnosisHint which of them is missing: ends a sentence
 */
record GrantAdvice(String permission, List<RequiredGrant> grants, String diagnosisHint) {
  private static final String GOOGLES_PAGES = "https://cloud.google.com/iam/docs/";

  /** For a request for a target, whose chain can be diagnosed. */
  static GrantAdvice forTarget(String permission, List<RequiredGrant> grants) {
    return new GrantAdvice(
        permission, grants, ": Diagnostics.using(credentials).diagnose(chain) finds out.");
  }

  /** For source credentials, which impersonate through delegates of their own. */
  static GrantAdvice forSource(String permission, List<RequiredGrant> grants) {
    return new GrantAdvice(permission, grants, ".");
  }

  /** Lines that begin with a line break; none where no grant is known to help. */
  String text() {
    if (grants.isEmpty()) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    lines.add(isChain() ? "It needs each of these grants:" : "It needs this grant:");
    for (RequiredGrant grant : grants) {
      lines.add(told(grant));
    }
    addRemarks(lines);
    return "\n" + String.join("\n", lines);
  }

  private String told(RequiredGrant grant) {
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
      lines.add("MEMBER is yours to fill in: the credentials do not tell who asks there.");
    }
    if (isChain()) {
      lines.add("Google does not tell which of them is missing" + diagnosisHint);
    }
    if (isForTokens() && permission.equals(IamRoles.GET_OPEN_ID_TOKEN)) {
      lines.add(
          "On %s, the narrower %s is enough."
              .formatted(last().account(), IamRoles.OPEN_ID_TOKEN_CREATOR));
    }
    lines.add("Google's page: " + GOOGLES_PAGES + page());
  }

  private String page() {
    if (!isForTokens()) {
      return "manage-access-service-accounts";
    }
    return "create-short-lived-credentials-" + (isChain() ? "delegated" : "direct");
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
