package io.github.shortlived.internal.source;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.config.CredentialConfigReader;
import io.github.shortlived.internal.client.SourceTransport;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.text.SafePath;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which source credentials a builder was given, if any: one kind, set once. */
public final class SourceCredentialsLoader {
  public static final HttpTransportFactory DEFAULT_TRANSPORTS = sharedTransport();

  // How google-auth begins where there is a file; where there is none, it tells how to get one.
  private static final String BROKEN_DEFAULT = "Error reading credential file from ";

  private @Nullable Loader loader;

  public void credentials(GoogleCredentials credentials) {
    set(transports -> LoadedCredentials.of(credentials));
  }

  public void keyFile(Path keyFile) {
    set(
        transports ->
            LoadedCredentials.of(key(named(keyFile), read(keyFile), transports), keyFile));
  }

  public void keyJson(String keyJson) {
    set(transports -> LoadedCredentials.of(key("The given key", keyJson, transports)));
  }

  public void configuration(String json, CredentialConfigPolicy policy) {
    set(
        transports ->
            LoadedCredentials.of(CredentialConfigReader.of(json, policy).load(transports)));
  }

  public void configurationFile(Path file, CredentialConfigPolicy policy) {
    set(
        transports ->
            LoadedCredentials.of(CredentialConfigReader.read(file, policy).load(transports), file));
  }

  /** The credentials, or the Application Default Credentials if none were given. */
  public LoadedCredentials load(HttpTransportFactory transports) {
    return loader == null ? applicationDefault(transports) : loader.load(transports);
  }

  private void set(Loader chosen) {
    if (loader != null) {
      throw new CredentialException.InvalidRequest(
          "Invalid source: it is set twice. Set one of source, keyFile, keyJson, configuration and"
              + " configurationFile, once.");
    }
    loader = chosen;
  }

  private static LoadedCredentials applicationDefault(HttpTransportFactory transports) {
    AdcLocations places = AdcLocations.ofThisProcess();
    try {
      GoogleCredentials credentials =
          GoogleCredentials.getApplicationDefault(new SourceTransport(transports, true));
      return places
          .file()
          .map(file -> LoadedCredentials.of(credentials, file.toPath()))
          .orElseGet(() -> LoadedCredentials.of(credentials));
    } catch (RuntimeException e) {
      // google-auth's answer to an empty file, or to a value of another type than it wants.
      throw brokenDefault(places);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(BROKEN_DEFAULT) ? brokenDefault(places) : missingDefault(places, e);
    }
  }

  public static CredentialException missingDefault(
      AdcLocations places, @Nullable IOException cause) {
    return InternalExceptions.sourceUnusable(
        "There are no Application Default Credentials. Looked for in:%sRun 'gcloud auth application-default login', set GOOGLE_APPLICATION_CREDENTIALS to a credential file, or run on Google Cloud as a service account."
            .formatted(places.describe()),
        HelpTopic.NO_DEFAULT_CREDENTIALS,
        cause);
  }

  /** Looks at the file itself, for the words of google-auth's parser quote what it read. */
  static CredentialException brokenDefault(AdcLocations places) {
    return InternalExceptions.sourceUnusable(
        "The Application Default Credentials cannot be used: %s. Run 'gcloud auth application-default login' again, or correct what GOOGLE_APPLICATION_CREDENTIALS names."
            .formatted(places.problem()),
        null);
  }

  private static String read(Path keyFile) {
    try {
      return Files.readString(keyFile);
    } catch (NoSuchFileException e) {
      throw unusable(named(keyFile), "there is no such file", cause(keyFile, e));
    } catch (IOException e) {
      throw unusable(named(keyFile), "it cannot be read as UTF-8 text", cause(keyFile, e));
    }
  }

  /** Its message is the path, or what was given in its place. */
  private static @Nullable IOException cause(Path keyFile, IOException failure) {
    return SafePath.isPath(keyFile.toString()) ? failure : null;
  }

  private static GoogleCredentials key(
      String origin, String json, HttpTransportFactory transports) {
    try {
      JsonElement whole = JsonParser.parseString(json); // google-auth stops after the first object.
      byte[] bytes = whole.toString().getBytes(StandardCharsets.UTF_8);
      return ServiceAccountCredentials.fromStream(new ByteArrayInputStream(bytes), transports);
    } catch (IOException | RuntimeException e) {
      // The parser's messages quote what they read, so the exception is not kept.
      throw unusable(
          origin,
          "it is not the JSON of a service-account key with type, client_email, client_id,"
              + " private_key and private_key_id, or its private key is damaged",
          null);
    }
  }

  private static String named(Path keyFile) {
    return "Key file " + SafePath.of(keyFile.toString());
  }

  private static CredentialException unusable(
      String origin, String why, @Nullable Throwable cause) {
    return InternalExceptions.sourceUnusable(
        "%s cannot be used: %s. Create one with: gcloud iam service-accounts keys create FILE --iam-account=EMAIL"
            .formatted(origin, why),
        cause);
  }

  private static HttpTransportFactory sharedTransport() {
    NetHttpTransport transport = new NetHttpTransport();
    return () -> transport;
  }

  private interface Loader {
    LoadedCredentials load(HttpTransportFactory transports);
  }
}
