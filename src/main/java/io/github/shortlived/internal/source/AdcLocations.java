package io.github.shortlived.internal.source;

import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SafePath;
import java.io.File;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where google-auth looks for Application Default Credentials, as an error tells it to those who
 * have none.
 *
 * @see <a href="https://cloud.google.com/docs/authentication/application-default-credentials">How
 *     Application Default Credentials works</a>
 */
public final class AdcLocations {
  static final String KEY_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

  private final Function<String, @Nullable String> environment;
  private final Function<String, @Nullable String> properties;

  /** Takes the environment variables and the system properties. */
  public AdcLocations(
      Function<String, @Nullable String> environment,
      Function<String, @Nullable String> properties) {
    this.environment = environment;
    this.properties = properties;
  }

  static AdcLocations ofThisProcess() {
    return new AdcLocations(System::getenv, System::getProperty);
  }

  /** The file that google-auth reads before it asks the metadata server, if there is one. */
  Optional<File> file() {
    return variable(KEY_VARIABLE).map(File::new).or(() -> wellKnownFile().filter(File::isFile));
  }

  /** Why google-auth does not take the file. */
  String problem() {
    return file().map(AdcLocations::problem).orElse("the credential file is malformed");
  }

  static String problem(File file) {
    String state = file.isFile() ? contents(file) : state(file);
    return "credential file %s %s".formatted(SafePath.of(file.toString()), state);
  }

  private static String contents(File file) {
    return file.canRead()
        ? "is malformed, or of a type that google-auth does not know"
        : "cannot be read by this process";
  }

  /** One line for each place, and what was there. */
  String describe() {
    return "\n  environment variable %s: %s\n  gcloud's file: %s\n  metadata server: %s\n"
        .formatted(KEY_VARIABLE, keyVariable(), gcloud(), metadataServer());
  }

  private String keyVariable() {
    return Optional.ofNullable(environment.apply(KEY_VARIABLE))
        .map(value -> value.isEmpty() ? "empty" : SafePath.of(value))
        .orElse("not set");
  }

  private String gcloud() {
    return wellKnownFile()
        .map(file -> "%s %s".formatted(SafePath.of(file.toString()), state(file)))
        .orElse("nowhere, for APPDATA is not set");
  }

  private static String state(File file) {
    if (file.isFile()) {
      return "exists";
    }
    return file.exists() ? "is not a file" : "does not exist";
  }

  /** As gcloud has it: on Windows in the roaming profile, elsewhere below the home folder. */
  private Optional<File> wellKnownFile() {
    return Optional.ofNullable(environment.apply("CLOUDSDK_CONFIG"))
        .map(File::new)
        .or(() -> configFolder().map(folder -> new File(folder, "gcloud")))
        .map(folder -> new File(folder, "application_default_credentials.json"));
  }

  private Optional<File> configFolder() {
    return property("os.name").toLowerCase(Locale.ROOT).contains("windows")
        ? Optional.ofNullable(environment.apply("APPDATA")).map(File::new)
        : Optional.of(new File(property("user.home"), ".config"));
  }

  private String metadataServer() {
    return variable("NO_GCE_CHECK").filter("true"::equalsIgnoreCase).isPresent()
        ? "not asked, for NO_GCE_CHECK is set"
        : "no answer from " + variable("GCE_METADATA_HOST").orElse(GoogleHosts.METADATA);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isEmpty());
  }

  private String property(String name) {
    return Optional.ofNullable(properties.apply(name)).orElse("");
  }
}
