package io.github.shortlived.testing.internal.control;

import com.google.common.collect.ImmutableMap;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The APIs that are disabled in a project; all others are enabled. Safe for concurrent use. */
public final class DisabledApis {
  /** An API that is disabled in a project. */
  public record Disabled(String projectId, String service) {
    public Disabled {
      if (!TITLES.containsKey(service)) {
        throw new IllegalArgumentException(
            "\"%s\" is not an API that can be disabled: use one of %s"
                .formatted(service, new TreeSet<>(TITLES.keySet())));
      }
    }
  }

  private static final Map<String, String> TITLES =
      Map.of(
          "iamcredentials.googleapis.com", "IAM Service Account Credentials API",
          "iam.googleapis.com", "Identity and Access Management (IAM) API",
          "compute.googleapis.com", "Compute Engine API",
          "cloudresourcemanager.googleapis.com", "Cloud Resource Manager API");

  private final Set<Disabled> disabled;

  DisabledApis(Set<Disabled> disabled) {
    this.disabled = ConcurrentHashMap.newKeySet();
    this.disabled.addAll(disabled);
  }

  public void disable(Disabled api) {
    disabled.add(api);
  }

  public void enable(Disabled api) {
    disabled.remove(api);
  }

  /** Throws the error of Google's front end if the API is disabled in the project. */
  public void require(String projectId, String service) {
    if (TITLES.containsKey(service) && disabled.contains(new Disabled(projectId, service))) {
      throw refusal(StableIds.projectNumber(projectId), service);
    }
  }

  private static RpcException refusal(String project, String service) {
    String console =
        "https://console.developers.google.com/apis/api/%s/overview?project=%s"
            .formatted(service, project);
    return new RpcException(
        Code.PERMISSION_DENIED,
        TITLES.get(service)
            + " has not been used in project "
            + project
            + " before or it is disabled. Enable it by visiting "
            + console
            + " then retry. If you enabled this API recently, wait a few minutes for the action to"
            + " propagate to our systems and retry.",
        GoogleErrors.errorInfo(
            GoogleErrors.SERVICE_DISABLED,
            ImmutableMap.of("consumer", "projects/" + project, "service", service)),
        GoogleErrors.help("Google developers console API activation", console));
  }
}
