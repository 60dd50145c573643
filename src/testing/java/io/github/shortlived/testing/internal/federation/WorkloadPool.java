package io.github.shortlived.testing.internal.federation;

import io.github.shortlived.testing.internal.account.StableIds;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A workload identity pool and its one provider. Without {@code audiences}, the provider's tokens
 * must have the provider's name as the audience.
 */
public record WorkloadPool(
    String projectId,
    String poolId,
    String providerId,
    String issuer,
    List<String> audiences,
    AttributeMapping attributeMapping) {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{4,32}");
  private static final Pattern ISSUER = Pattern.compile("https://[^\\s/?#]+\\S*");

  public WorkloadPool {
    audiences = List.copyOf(audiences);
    requireId("pool", poolId);
    requireId("provider", providerId);
    requireIssuer(issuer);
  }

  public WorkloadPool(
      String projectId, String poolId, String providerId, String issuer, List<String> audiences) {
    this(projectId, poolId, providerId, issuer, audiences, AttributeMapping.SUBJECT_ONLY);
  }

  public WorkloadPool with(AttributeMapping other) {
    return new WorkloadPool(projectId, poolId, providerId, issuer, audiences, other);
  }

  /** Returns the provider's name, the audience of a token exchange. */
  public String name() {
    return "//" + poolName() + "/providers/" + providerId;
  }

  /** Returns the accepted audiences; Google accepts the name with and without the scheme. */
  public List<String> expectedAudiences() {
    return audiences.isEmpty() ? List.of("https:" + name(), name()) : audiences;
  }

  public String principal(String subject) {
    return "principal://" + poolName() + "/subject/" + subject;
  }

  public String principalSet(String set) {
    return "principalSet://" + poolName() + "/" + set;
  }

  /** Returns the ids of project, pool and provider. */
  public List<String> key() {
    return List.of(projectId, poolId, providerId);
  }

  private String poolName() {
    return "iam.googleapis.com/projects/"
        + StableIds.projectNumber(projectId)
        + "/locations/global/workloadIdentityPools/"
        + poolId;
  }

  public static void requireId(String what, String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not a %s id: use 4 to 32 lower-case letters, digits and dashes, such as ci-%s"
              .formatted(id, what, what));
    }
  }

  public static void requireIssuer(String issuer) {
    if (!ISSUER.matcher(issuer).matches()) {
      throw new IllegalArgumentException(
          "\"" + issuer + "\" is not an issuer: use an https URL such as https://ci.example.com");
    }
  }
}
