package io.github.shortlived.testing.internal.client;

import com.google.common.collect.ImmutableMap;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The environment variables that direct clients in other processes to an emulator. */
public final class ProcessEnvironment {
  /** The variable with the HOST:PORT to which this library connects. */
  public static final String LIBRARY = "SHORTLIVED_IAM_EMULATOR_HOST";

  private ProcessEnvironment() {}

  public static Map<String, String> of(URI http, Optional<Path> credentialsFile) {
    ImmutableMap.Builder<String, String> variables = ImmutableMap.builder();
    credentialsFile.ifPresent(
        file -> variables.put("GOOGLE_APPLICATION_CREDENTIALS", file.toAbsolutePath().toString()));
    return variables
        .put(LIBRARY, http.getAuthority())
        .putAll(gcloud(http))
        .putAll(metadata(http))
        .buildOrThrow();
  }

  /** gcloud appends its paths to the endpoints, so these end with a slash. */
  public static Map<String, String> gcloud(URI http) {
    return ImmutableMap.of(
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", http + "/",
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", http + "/",
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER", http + "/",
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", http + "/compute/v1/",
        "CLOUDSDK_AUTH_TOKEN_HOST", http + "/token",
        "CLOUDSDK_AUTH_TOKEN_INTROSPECTION_ENDPOINT", http + "/v1/introspect");
  }

  /** Java, Node and Python read HOST, Python also IP for its first ping, and gcloud ROOT. */
  public static Map<String, String> metadata(URI http) {
    return ImmutableMap.of(
        "GCE_METADATA_HOST", http.getAuthority(),
        "GCE_METADATA_IP", http.getAuthority(),
        "GCE_METADATA_ROOT", http.getAuthority());
  }
}
