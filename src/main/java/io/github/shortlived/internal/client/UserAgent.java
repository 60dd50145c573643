package io.github.shortlived.internal.client;

import com.google.api.gax.rpc.FixedHeaderProvider;
import com.google.api.gax.rpc.HeaderProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * How this library names itself to the services it calls: in the header {@code User-Agent}, before
 * the names of the clients below it. {@code x-goog-api-client} is those clients' own.
 */
public final class UserAgent {
  private static final String UNKNOWN = "unknown";
  private static final String TEXT = "short-lived-credentials/" + version();

  private UserAgent() {}

  /** Name and version, such as {@code short-lived-credentials/1.2.3}. */
  public static String text() {
    return TEXT;
  }

  /** The header, for the settings of a generated client. */
  public static HeaderProvider header() {
    return FixedHeaderProvider.create("user-agent", TEXT);
  }

  /** From a resource of the build: of a jar that was merged with others no manifest is left. */
  private static String version() {
    try (InputStream resource = UserAgent.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      if (resource != null) {
        properties.load(resource);
      }
      String version = properties.getProperty("version", UNKNOWN);
      return version.matches("[A-Za-z0-9._-]+") ? version : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
