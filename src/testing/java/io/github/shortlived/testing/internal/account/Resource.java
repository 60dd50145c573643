package io.github.shortlived.testing.internal.account;

import java.util.List;

/**
 * A resource that has a policy.
 *
 * @param withAncestors the name of the resource, then those of its ancestors; a role on any of them
 *     applies to the resource
 */
public record Resource(List<String> withAncestors) {
  public Resource {
    withAncestors = List.copyOf(withAncestors);
  }

  public static Resource project(String projectId) {
    return new Resource(List.of("projects/" + projectId));
  }

  public static Resource account(String projectId, String email) {
    String project = "projects/" + projectId;
    return new Resource(List.of(project + "/serviceAccounts/" + email, project));
  }

  /** Returns an instance with the name that Compute Engine also uses in errors. */
  public static Resource instance(String projectId, String name) {
    return new Resource(List.of(name, "projects/" + projectId));
  }

  public String name() {
    return withAncestors.get(0);
  }

  public String projectId() {
    return withAncestors.get(withAncestors.size() - 1).substring("projects/".length());
  }

  /** Returns the {@code resource.type} of conditions; unverified for service accounts. */
  public String type() {
    if (isAccount()) {
      return "iam.googleapis.com/ServiceAccount";
    }
    return isInstance()
        ? "compute.googleapis.com/Instance"
        : "cloudresourcemanager.googleapis.com/Project";
  }

  /** Returns the {@code resource.service} of conditions: the host of the API. */
  public String service() {
    return type().substring(0, type().indexOf('/'));
  }

  public boolean isProject() {
    return withAncestors.size() == 1;
  }

  private boolean isAccount() {
    return name().contains("/serviceAccounts/");
  }

  private boolean isInstance() {
    return name().contains("/instances/");
  }
}
