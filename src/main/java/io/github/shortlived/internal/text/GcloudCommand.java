package io.github.shortlived.internal.text;

import java.util.Map;

/** Formats gcloud commands for POSIX shells, with quoted values. */
public final class GcloudCommand {
  private GcloudCommand() {}

  /**
   * Formats the command that adds or removes a binding of a service account.
   *
   * @param verb {@code add} or {@code remove}
   * @param condition the value of the flag {@code --condition}
   */
  public static String editBinding(
      String verb, String account, String member, String role, String condition) {
    return "gcloud iam service-accounts %s-iam-policy-binding %s --member=%s --role=%s --condition=%s"
        .formatted(
            verb, account, ShellWord.of(member), ShellWord.of(role), ShellWord.of(condition));
  }

  /**
   * Formats the command that enables an API, with words in capitals for missing values.
   *
   * @param metadata the metadata of the service's {@code ErrorInfo}
   */
  public static String enableService(Map<String, String> metadata) {
    String project = metadata.getOrDefault("consumer", "projects/PROJECT");
    return "gcloud services enable %s --project=%s"
        .formatted(
            ShellWord.of(metadata.getOrDefault("service", "SERVICE")),
            ShellWord.of(project.replaceFirst("^projects/", "")));
  }
}
