package io.github.shortlived.internal.client;

import com.google.api.gax.rpc.FixedHeaderProvider;
import com.google.api.gax.rpc.HeaderProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * The name of this library in the header {@code User-Agent} of its requests, before the names of
 * the clients that it uses.
 */
public final class UserAgent {
  private static final String UNKNOWN = "unknown";
  private static final String TEXT = "short-lived-credentials/" + version();

  private UserAgent() {}

  /** Returns the name and version, such as {@code short-lived-credentials/1.2.3}. */
  public static String text() {
    return TEXT;
  }

  /** Returns the header, for the settings of a generated client. */
  public static HeaderProvider header() {
    return FixedHeaderProvider.create("user-agent", TEXT);
  }

  /** Reads a resource of the build, because a jar that is merged with others has no manifest. */
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
