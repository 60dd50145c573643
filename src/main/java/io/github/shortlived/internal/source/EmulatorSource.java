package io.github.shortlived.internal.source;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.client.EmulatorHost;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Source credentials for an emulator. Accepts only credentials whose every URL is at the emulator,
 * so that a local process receives no token of Google, and Google no request of a test.
 */
record EmulatorSource(EmulatorHost emulator, AdcLocations locations) {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._\\[\\]:-]{1,253}");

  /**
   * Returns the Application Default Credentials: those of a file, or else the account of the
   * emulator's metadata server. Makes no call.
   *
   * @param transports send each request to the emulator
   */
  GoogleCredentials applicationDefault(HttpTransportFactory transports) {
    Optional<File> file = locations.file();
    return file.isPresent()
        ? accepted(read(file.get(), transports), locations.origin(file.get()))
        : ComputeEngineCredentials.newBuilder().setHttpTransportFactory(transports).build();
  }

  private GoogleCredentials read(File file, HttpTransportFactory transports) {
    try {
      String text = file.isFile() ? CredentialFile.read(file.toPath()) : "";
      byte[] json =
          overHttps(JsonParser.parseString(text)).toString().getBytes(StandardCharsets.UTF_8);
      GoogleCredentials credentials =
          GoogleCredentials.fromStream(new ByteArrayInputStream(json), transports);
      SourceCredentialsLoader.requireTokenUrl(credentials);
      return credentials;
    } catch (CredentialFile.Unusable | IOException | RuntimeException e) {
      throw locations.broken(); // google-auth's text quotes the file.
    }
  }

  /**
   * Writes the URLs of a federated identity with https, because google-auth requires that. The
   * transport sends the requests to the emulator all the same.
   */
  private static JsonElement overHttps(JsonElement file) {
    if (file instanceof JsonObject json
        && new JsonPrimitive("external_account").equals(json.get("type"))) {
      for (String field : List.of("token_url", "service_account_impersonation_url")) {
        if (json.get(field) instanceof JsonPrimitive url) {
          json.addProperty(field, url.getAsString().replaceFirst("^http:", "https:"));
        }
      }
    }
    return file;
  }

  /**
   * Returns these credentials if they are the emulator's. Makes no call.
   *
   * @param origin where they were found; begins the message
   * @throws CredentialException if they are not, or cannot be examined
   */
  GoogleCredentials accepted(GoogleCredentials credentials, String origin) {
    fault(credentials)
        .ifPresent(
            fault -> {
              throw refused(origin, fault);
            });
    return credentials;
  }

  private Optional<String> fault(GoogleCredentials credentials) {
    String type = credentials.getClass().getSimpleName();
    Optional<List<CredentialUrl>> urls = CredentialUrl.all(credentials);
    return urls.isEmpty()
        ? Optional.of("their type does not show where they send secrets (%s)".formatted(type))
        : urls.get().stream()
            .filter(url -> url.url() == null || !emulator.serves(url.url()))
            .findFirst()
            .map(url -> "its %s is %s (%s)".formatted(url.use(), host(url), type));
  }

  private static String host(CredentialUrl elsewhere) {
    if (elsewhere.url() == null) {
      return "Google's";
    }
    try {
      String host = Optional.ofNullable(URI.create(elsewhere.url()).getAuthority()).orElse("");
      return HOST.matcher(host).matches() ? "at " + host : "elsewhere";
    } catch (IllegalArgumentException e) {
      return "elsewhere"; // The URL is malformed, and may contain a secret.
    }
  }

  private CredentialException refused(String origin, String fault) {
    return InternalExceptions.sourceUnusable(
        ("%s cannot be used with the emulator at %s, which %s names: %s. A local process gets"
                + " only credentials that this emulator issued. Use such credentials, for"
                + " example a key file beside the emulator's env.sh, or unset %s.")
            .formatted(origin, emulator, EmulatorHost.VARIABLE, fault, EmulatorHost.VARIABLE),
        HelpTopic.NOT_OF_THE_EMULATOR,
        null);
  }
}
