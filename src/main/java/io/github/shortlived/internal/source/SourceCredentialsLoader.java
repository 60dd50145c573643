package io.github.shortlived.internal.source;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.internal.client.EmulatorHost;
import io.github.shortlived.internal.http.MutualTls;
import io.github.shortlived.internal.text.SafePath;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads the source credentials: those that are set, which is possible once, or else the Application
 * Default Credentials. Not thread-safe.
 */
public final class SourceCredentialsLoader {
  // The start of google-auth's message if a file is broken; otherwise it found no credentials.
  private static final String BROKEN_DEFAULT = "Error reading credential file from ";

  private @Nullable Choice choice;

  /**
   * The source that is set.
   *
   * @param origin returns its name for messages
   */
  private record Choice(
      Supplier<String> origin,
      BiFunction<HttpTransportFactory, Consumer<CredentialEvent>, GoogleCredentials> loader) {}

  public void credentials(GoogleCredentials credentials) {
    set(() -> "The given source", (transports, events) -> credentials);
  }

  public void keyFile(Path file) {
    Supplier<String> name = () -> "Key file " + SafePath.of(file.toString());
    set(
        name,
        (transports, events) -> checked(key(name, read(file, name), transports), file, events));
  }

  public void keyJson(String keyJson) {
    Supplier<String> name = () -> "The given key";
    set(name, (transports, events) -> key(name, keyJson, transports));
  }

  public void configuration(String json, CredentialConfigPolicy policy) {
    set(
        () -> "The credential configuration",
        (transports, events) -> policy.load(json, transports));
  }

  public void configurationFile(Path file, CredentialConfigPolicy policy) {
    Supplier<String> name = () -> "Credential configuration " + SafePath.of(file.toString());
    set(
        name,
        (transports, events) ->
            checked(configuration(file, name, policy, transports), file, events));
  }

  /** Loads the credentials. Publishes an event if other users can read the file of their secret. */
  public GoogleCredentials load(HttpTransportFactory transports, Consumer<CredentialEvent> events) {
    return choice == null
        ? applicationDefault(transports, events)
        : choice.loader.apply(transports, events);
  }

  /**
   * Loads the credentials for an emulator. Makes no call.
   *
   * @param environment returns the values of environment variables
   * @param transports send each request to the emulator
   * @throws CredentialException if the credentials are not the emulator's
   */
  public GoogleCredentials load(
      EmulatorHost emulator,
      Function<String, @Nullable String> environment,
      HttpTransportFactory transports,
      Consumer<CredentialEvent> events) {
    EmulatorSource source =
        new EmulatorSource(emulator, new AdcLocations(environment, System::getProperty));
    return choice == null
        ? source.applicationDefault(transports)
        : source.accepted(choice.loader.apply(transports, events), choice.origin.get());
  }

  /** {@return where the credentials come from, without a secret} */
  @Override
  public String toString() {
    return choice == null ? "Application Default Credentials" : choice.origin.get();
  }

  private void set(
      Supplier<String> origin,
      BiFunction<HttpTransportFactory, Consumer<CredentialEvent>, GoogleCredentials> loader) {
    if (choice != null) {
      throw InternalExceptions.invalid(
          "Invalid source: it is set twice. Set only one of source, keyFile, keyJson, configuration"
              + " and configurationFile, once.");
    }
    choice = new Choice(origin, loader);
  }

  private static GoogleCredentials applicationDefault(
      HttpTransportFactory transports, Consumer<CredentialEvent> events) {
    AdcLocations locations = AdcLocations.ofThisProcess();
    try {
      GoogleCredentials credentials =
          MutualTls.withTransport(GoogleCredentials.getApplicationDefault(transports));
      requireTokenUrl(credentials);
      locations.file().ifPresent(file -> checked(credentials, file.toPath(), events));
      return credentials;
    } catch (RuntimeException e) {
      // google-auth throws it for an empty file, or for a value of the wrong JSON type.
      throw locations.broken();
    } catch (IOException e) {
      boolean broken = String.valueOf(e.getMessage()).startsWith(BROKEN_DEFAULT);
      throw broken ? locations.broken() : locations.missing(e);
    }
  }

  private static GoogleCredentials checked(
      GoogleCredentials credentials, Path file, Consumer<CredentialEvent> events) {
    FilePermissionCheck.check(credentials, file).ifPresent(events);
    return credentials;
  }

  private static GoogleCredentials configuration(
      Path file,
      Supplier<String> name,
      CredentialConfigPolicy policy,
      HttpTransportFactory transports) {
    String json = read(file, name);
    try {
      return policy.load(json, transports);
    } catch (CredentialException e) {
      throw InternalExceptions.withSuffix(
          e, " It was read from the file %s.".formatted(SafePath.of(file.toString())));
    }
  }

  private static GoogleCredentials key(
      Supplier<String> name, String json, HttpTransportFactory transports) {
    return parse(
        name, json, transports, ServiceAccountCredentials::fromStream, CredentialFaults::ofKey);
  }

  /** A method of google-auth that reads credentials of one type. */
  interface Reader<C extends GoogleCredentials> {
    C read(InputStream json, HttpTransportFactory transports) throws IOException;
  }

  /**
   * Reads credentials with google-auth.
   *
   * @param name returns the name of the text for messages
   * @param explain explains a text that google-auth does not accept
   */
  static <C extends GoogleCredentials> C parse(
      Supplier<String> name,
      String json,
      HttpTransportFactory transports,
      Reader<C> reader,
      Function<String, CredentialFault> explain) {
    try {
      JsonElement whole = JsonParser.parseString(json); // google-auth ignores text after an object.
      byte[] bytes = whole.toString().getBytes(StandardCharsets.UTF_8);
      C credentials = reader.read(new ByteArrayInputStream(bytes), transports);
      requireTokenUrl(credentials);
      return credentials;
    } catch (IOException | RuntimeException e) {
      // Drops the cause, because the parser's messages quote the key.
      throw unusable(name, explain.apply(json), null);
    }
  }

  /** google-auth loads a key with any URI, and then reports each failed call as one to retry. */
  static void requireTokenUrl(GoogleCredentials credentials) {
    if (credentials instanceof ImpersonatedCredentials impersonated) {
      requireTokenUrl(impersonated.getSourceCredentials());
    } else if (credentials instanceof ServiceAccountCredentials key
        && !isHttp(key.getTokenServerUri())) {
      throw new IllegalArgumentException("token_uri");
    }
  }

  static boolean isHttp(URI url) {
    return url.getRawAuthority() != null
        && ("https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme()));
  }

  static String read(Path file, Supplier<String> name) {
    try {
      return CredentialFile.read(file);
    } catch (CredentialFile.Unusable e) {
      throw unusable(name, e.fault(), e.getCause());
    }
  }

  static CredentialException unusable(
      Supplier<String> name, CredentialFault fault, @Nullable Throwable cause) {
    return InternalExceptions.sourceUnusable(
        "%s cannot be used: it %s. %s.".formatted(name.get(), fault.problem(), fault.fix()), cause);
  }
}
