package io.github.shortlived.internal.source;

import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SafePath;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.File;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The locations in which google-auth looks for Application Default Credentials, and the errors that
 * describe them. Reads environment variables and system properties.
 *
 * @see <a href="https://cloud.google.com/docs/authentication/application-default-credentials">How
 *     Application Default Credentials works</a>
 */
record AdcLocations(
    Function<String, @Nullable String> environment, Function<String, @Nullable String> properties) {
  private static final String KEY_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

  static AdcLocations ofThisProcess() {
    return new AdcLocations(System::getenv, System::getProperty);
  }

  /** Returns the file that google-auth reads, if any; else it uses the metadata server. */
  Optional<File> file() {
    return variable(KEY_VARIABLE).map(File::new).or(() -> wellKnownFile().filter(File::isFile));
  }

  /** Returns the name of this file for a message. */
  String origin(File file) {
    return "The credential file %s, which %s,"
        .formatted(
            SafePath.of(file.toString()),
            variable(KEY_VARIABLE).isPresent() ? KEY_VARIABLE + " names" : "gcloud wrote");
  }

  CredentialException missing(@Nullable IOException cause) {
    return InternalExceptions.sourceUnusable(
        ("No Application Default Credentials were found. Checked locations:%sRun 'gcloud auth"
                + " application-default login', set GOOGLE_APPLICATION_CREDENTIALS to a credential"
                + " file, or run on Google Cloud as a service account.")
            .formatted(describe()),
        HelpTopic.NO_DEFAULT_CREDENTIALS,
        cause);
  }

  /** Creates the exception for an unusable file, without google-auth's text, which quotes it. */
  CredentialException broken() {
    return file().map(this::broken).orElseGet(() -> missing(null));
  }

  private CredentialException broken(File file) {
    CredentialFault fault = fault(file);
    return InternalExceptions.sourceUnusable(
        "The Application Default Credentials cannot be used: credential file %s %s. %s. %s"
            .formatted(
                SafePath.of(file.toString()),
                fault.problem(),
                fault.fix(),
                variable(KEY_VARIABLE).isPresent()
                    ? "GOOGLE_APPLICATION_CREDENTIALS names this file."
                    : "To replace the file, run 'gcloud auth application-default login'."),
        null);
  }

  private static CredentialFault fault(File file) {
    if (!SafePath.isPath(file.toString())) {
      return CredentialFile.CONTENT_AS_PATH;
    } else if (file.exists() && !file.isFile() && !file.isDirectory()) {
      return CredentialFile.PIPE; // Reading it might never end.
    }
    try {
      return CredentialFaults.ofDefault(CredentialFile.read(file.toPath()));
    } catch (CredentialFile.Unusable e) {
      return e.fault();
    }
  }

  private static String state(File file) {
    if (file.isFile()) {
      return "exists";
    }
    return file.exists() ? "is not a file" : "does not exist";
  }

  /** Returns one line for each location, with its state. */
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
        .orElse("unknown, because APPDATA is not set");
  }

  /** Follows gcloud: in the roaming profile on Windows, otherwise in the home folder. */
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
        ? "not called, because NO_GCE_CHECK is set"
        : "no response from " + variable("GCE_METADATA_HOST").orElse(GoogleHosts.METADATA);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isEmpty());
  }

  private String property(String name) {
    return Optional.ofNullable(properties.apply(name)).orElse("");
  }
}
