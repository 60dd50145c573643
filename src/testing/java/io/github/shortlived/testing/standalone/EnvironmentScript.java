package io.github.shortlived.testing.standalone;

import io.github.shortlived.testing.internal.client.CredentialFiles;
import io.github.shortlived.testing.internal.client.ProcessEnvironment;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code env.sh}: exports, for any POSIX shell, what leads other clients to the emulator. */
record EnvironmentScript(
    URI http,
    Path folder,
    Optional<String> project,
    Optional<Path> keyFile,
    Optional<Admin> admin) {

  /** A user who may manage accounts and policies, and the access token that proves it. */
  record Admin(String email, String accessToken) {
    @Override
    public String toString() {
      return "Admin[" + email + "]";
    }
  }

  String text() {
    return String.join("\n", head(), gcloud(), python(), node());
  }

  private String head() {
    return """
        # For tests only: leads clients to the IAM emulator at %s while it runs.
        # Use it in a shell with:  . %s
        # This file and the key files beside it hold secrets of the emulator alone.

        # No proxy lies between this machine and itself.
        export NO_PROXY="127.0.0.1${NO_PROXY:+,$NO_PROXY}"
        export no_proxy="$NO_PROXY"
        """
        .formatted(http, folder.resolve("env.sh"));
  }

  private String gcloud() {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("CLOUDSDK_CONFIG", folder.resolve("gcloud").toString());
    project.ifPresent(id -> own.put("CLOUDSDK_CORE_PROJECT", id));
    own.put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    own.put("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true");
    own.put("CLOUDSDK_SURVEY_DISABLE_PROMPTS", "true");
    own.put("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true");
    return """
        # gcloud: a configuration folder of its own, so that yours stays as it is; no prompts, and
        # nothing sent anywhere else.
        %s
        # gcloud: the services and the token endpoint. The slash at the end is needed.
        %s
        %s"""
        .formatted(exports(own), exports(ProcessEnvironment.gcloud(http)), adminToken());
  }

  private String adminToken() {
    return admin
        .map(
            user ->
                """
                # gcloud: calls as %s, for 12 hours. This comes before any account that gcloud
                # knows: to call as one, after gcloud auth activate-service-account, run
                #   unset CLOUDSDK_AUTH_ACCESS_TOKEN
                %s
                """
                    .formatted(
                        user.email(), export("CLOUDSDK_AUTH_ACCESS_TOKEN", user.accessToken())))
        .orElse("# gcloud: no user owns a project here; activate one of the key files.\n");
  }

  private String python() {
    return """
        # Python google-auth, and every other library that takes the token endpoint from the key file.
        # To impersonate, pass iam_endpoint_override=
        #   %s/v1/projects/-/serviceAccounts/EMAIL:generateAccessToken
        # An impersonated_service_account file is for Java:
        #   %s
        %s
        """
        .formatted(
            http,
            folder.resolve(CredentialFiles.ADC_NAME),
            keyFile
                .map(file -> export("GOOGLE_APPLICATION_CREDENTIALS", file.toString()))
                .orElse("# (no account has a key file here)"));
  }

  private String node() {
    Map<String, String> metadata = new LinkedHashMap<>(ProcessEnvironment.metadata(http));
    metadata.put("METADATA_SERVER_DETECTION", "assume-present");
    return """
        # Node google-auth-library: it asks Google's own token endpoint whatever the key file says, so
        # run it without key file, as the account of the metadata server:
        #   env -u GOOGLE_APPLICATION_CREDENTIALS node app.js
        # To impersonate, give Impersonated the endpoint %s.
        # The metadata variables serve Python and Java as well.
        %s
        """
        .formatted(http, exports(metadata));
  }

  private static String exports(Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(variable -> export(variable.getKey(), variable.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String export(String name, String value) {
    return "export " + name + "='" + value.replace("'", "'\\''") + "'";
  }
}
