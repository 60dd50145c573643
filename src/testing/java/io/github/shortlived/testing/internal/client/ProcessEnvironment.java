package io.github.shortlived.testing.internal.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The environment variables that direct clients in other processes to an emulator. */
public final class ProcessEnvironment {
  private ProcessEnvironment() {}

  public static Map<String, String> of(URI http, Optional<Path> credentialsFile) {
    Map<String, String> variables = new LinkedHashMap<>();
    credentialsFile.ifPresent(
        file -> variables.put("GOOGLE_APPLICATION_CREDENTIALS", file.toAbsolutePath().toString()));
    variables.putAll(gcloud(http));
    variables.putAll(metadata(http));
    return Collections.unmodifiableMap(variables);
  }

  /** gcloud appends its paths to the endpoints, so these end with a slash. */
  public static Map<String, String> gcloud(URI http) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", http + "/");
    variables.put("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", http + "/");
    variables.put("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", http + "/compute/v1/");
    variables.put("CLOUDSDK_AUTH_TOKEN_HOST", http + "/token");
    return variables;
  }

  /** Java, Node and Python read HOST, Python also IP for its first ping, and gcloud ROOT. */
  public static Map<String, String> metadata(URI http) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("GCE_METADATA_HOST", http.getAuthority());
    variables.put("GCE_METADATA_IP", http.getAuthority());
    variables.put("GCE_METADATA_ROOT", http.getAuthority());
    return variables;
  }
}
