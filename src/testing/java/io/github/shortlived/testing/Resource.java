package io.github.shortlived.testing;

import java.util.List;

/**
 * What a policy hangs on. A role granted anywhere on the {@code lineage} (the resource itself
 * first, then its parents) counts on the resource.
 */
record Resource(List<String> lineage) {
  Resource {
    lineage = List.copyOf(lineage);
  }

  static Resource project(String projectId) {
    return new Resource(List.of("projects/" + projectId));
  }

  static Resource account(String projectId, String email) {
    String project = "projects/" + projectId;
    return new Resource(List.of(project + "/serviceAccounts/" + email, project));
  }

  String name() {
    return lineage.get(0);
  }

  String projectId() {
    return lineage.get(lineage.size() - 1).substring("projects/".length());
  }

  /** As conditions know it; that Google tells it of service accounts is unverified. */
  String type() {
    return isAccount()
        ? "iam.googleapis.com/ServiceAccount"
        : "cloudresourcemanager.googleapis.com/Project";
  }

  /** As conditions know it: the host of the API it belongs to. */
  String service() {
    return type().substring(0, type().indexOf('/'));
  }

  private boolean isAccount() {
    return name().contains("/serviceAccounts/");
  }
}
