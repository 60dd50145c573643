package io.github.shortlived.testing.standalone;

import io.github.shortlived.testing.internal.client.CredentialFiles;
import io.github.shortlived.testing.internal.client.ProcessEnvironment;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The file {@code env.sh}, which exports the variables of other clients in a POSIX shell. */
record EnvironmentScript(
    URI http,
    Path folder,
    Optional<String> project,
    Optional<Path> keyFile,
    Optional<Admin> admin) {

  /** A user who may manage accounts and policies, and an access token of the user. */
  record Admin(String email, String accessToken) {
    @Override
    public String toString() {
      return "Admin[" + email + "]";
    }
  }

  String text() {
    return String.join("\n", head(), library(), gcloud(), python(), node());
  }

  private String head() {
    return """
        # For tests only: directs clients to the IAM emulator at %s while it runs.
        # Use it in a shell with:  . %s
        # This file and the key files in its folder hold secrets of the emulator only.

        # Connect to the loopback interface without a proxy.
        export NO_PROXY="127.0.0.1${NO_PROXY:+,$NO_PROXY}"
        export no_proxy="$NO_PROXY"
        """
        .formatted(http, folder.resolve("env.sh"));
  }

  private String library() {
    return """
        # This library: each ShortLivedCredentials and TokenVerification without endpoints of its
        # own calls the emulator. It accepts only credentials of the emulator, and refuses others
        # before it sends anything.
        %s
        """
        .formatted(export(ProcessEnvironment.LIBRARY, http.getAuthority()));
  }

  private String gcloud() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("CLOUDSDK_CONFIG", folder.resolve("gcloud").toString());
    project.ifPresent(id -> settings.put("CLOUDSDK_CORE_PROJECT", id));
    settings.put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    settings.put("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true");
    settings.put("CLOUDSDK_SURVEY_DISABLE_PROMPTS", "true");
    settings.put("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true");
    return """
        # gcloud: a separate configuration folder, so that yours does not change; no prompts, no
        # usage reports and no update checks.
        %s
        # gcloud: the services and the token endpoint. The trailing slashes are required.
        %s
        %s"""
        .formatted(exports(settings), exports(ProcessEnvironment.gcloud(http)), adminToken());
  }

  private String adminToken() {
    return admin
        .map(
            user ->
                """
                # gcloud: an access token of %s, which expires after 12 hours. It takes
                # precedence over the accounts of gcloud auth activate-service-account: to call as
                # one of them, run
                #   unset CLOUDSDK_AUTH_ACCESS_TOKEN
                %s
                """
                    .formatted(
                        user.email(), export("CLOUDSDK_AUTH_ACCESS_TOKEN", user.accessToken())))
        .orElse("# gcloud: no user owns a project; activate one of the key files.\n");
  }

  private String python() {
    return """
        # Python google-auth, and other libraries that take the token endpoint from the key file.
        # To impersonate in Python, pass iam_endpoint_override=
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
                .orElse("# (no account has a key file)"));
  }

  private String node() {
    Map<String, String> metadata = new LinkedHashMap<>(ProcessEnvironment.metadata(http));
    metadata.put("METADATA_SERVER_DETECTION", "assume-present");
    return """
        # Node google-auth-library: it ignores the token endpoint of the key file and calls
        # Google's, so run it without a key file, as the account of the metadata server:
        #   env -u GOOGLE_APPLICATION_CREDENTIALS node app.js
        # To impersonate in Node, pass the endpoint %s to Impersonated.
        # The metadata variables also apply to Python and Java.
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
