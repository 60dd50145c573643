package io.github.shortlived.testing.internal.account;

import java.util.List;

/**
 * What a policy hangs on. A role granted anywhere on the {@code lineage} (the resource itself
 * first, then its parents) counts on the resource.
 */
public record Resource(List<String> lineage) {
  public Resource {
    lineage = List.copyOf(lineage);
  }

  public static Resource project(String projectId) {
    return new Resource(List.of("projects/" + projectId));
  }

  public static Resource account(String projectId, String email) {
    String project = "projects/" + projectId;
    return new Resource(List.of(project + "/serviceAccounts/" + email, project));
  }

  /** An instance by the name that Compute Engine gives it in errors, too. */
  public static Resource instance(String projectId, String name) {
    return new Resource(List.of(name, "projects/" + projectId));
  }

  public String name() {
    return lineage.get(0);
  }

  public String projectId() {
    return lineage.get(lineage.size() - 1).substring("projects/".length());
  }

  /** As conditions know it; that Google tells it of service accounts is unverified. */
  public String type() {
    if (isAccount()) {
      return "iam.googleapis.com/ServiceAccount";
    }
    return isInstance()
        ? "compute.googleapis.com/Instance"
        : "cloudresourcemanager.googleapis.com/Project";
  }

  /** As conditions know it: the host of the API it belongs to. */
  public String service() {
    return type().substring(0, type().indexOf('/'));
  }

  private boolean isAccount() {
    return name().contains("/serviceAccounts/");
  }

  private boolean isInstance() {
    return name().contains("/instances/");
  }
}
