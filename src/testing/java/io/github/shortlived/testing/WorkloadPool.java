package io.github.shortlived.testing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A workload identity pool and the one provider it trusts; without {@code audiences} of their own,
 * the provider's tokens are made out to the provider's name.
 */
record WorkloadPool(
    String projectId,
    String poolId,
    String providerId,
    String issuer,
    List<String> audiences,
    AttributeRules rules) {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{4,32}");
  private static final Pattern ISSUER = Pattern.compile("https://[^\\s/?#]+\\S*");

  WorkloadPool {
    audiences = List.copyOf(audiences);
    requireId("pool", poolId);
    requireId("provider", providerId);
    requireIssuer(issuer);
  }

  WorkloadPool(
      String projectId, String poolId, String providerId, String issuer, List<String> audiences) {
    this(projectId, poolId, providerId, issuer, audiences, AttributeRules.SUBJECT_ALONE);
  }

  WorkloadPool with(AttributeRules other) {
    return new WorkloadPool(projectId, poolId, providerId, issuer, audiences, other);
  }

  /** What a token exchange names as its audience. */
  String name() {
    return "//" + poolName() + "/providers/" + providerId;
  }

  /** Google takes the name with and without the scheme. */
  List<String> expectedAudiences() {
    return audiences.isEmpty() ? List.of("https:" + name(), name()) : audiences;
  }

  String principal(String subject) {
    return "principal://" + poolName() + "/subject/" + subject;
  }

  String everyone() {
    return principalSet("*");
  }

  String principalSet(String which) {
    return "principalSet://" + poolName() + "/" + which;
  }

  /** What tells it from others: project, pool and provider. */
  List<String> key() {
    return List.of(projectId, poolId, providerId);
  }

  boolean isNamed(String project, String pool, String provider) {
    return key().equals(List.of(project, pool, provider));
  }

  private String poolName() {
    return "iam.googleapis.com/projects/"
        + StableIds.projectNumber(projectId)
        + "/locations/global/workloadIdentityPools/"
        + poolId;
  }

  private static void requireId(String what, String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "\""
              + id
              + "\" is no "
              + what
              + " id: give 4 to 32 lower-case letters, digits and dashes, such as ci-"
              + what);
    }
  }

  private static void requireIssuer(String issuer) {
    if (!ISSUER.matcher(issuer).matches()) {
      throw new IllegalArgumentException(
          "\"" + issuer + "\" is no issuer: give an https URL such as https://ci.example.com");
    }
  }
}
