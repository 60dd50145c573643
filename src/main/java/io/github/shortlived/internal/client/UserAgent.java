package io.github.shortlived.internal.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** How this library calls itself in requests. */
public final class UserAgent {
  /** The header that names this library in requests. */
  public static final String HEADER = "User-Agent";

  /**
   * The name and version of this library, such as {@code short-lived-credentials/1.2.3}. Clients
   * that it uses add their own names.
   */
  public static final String TEXT = "short-lived-credentials/" + version();

  private UserAgent() {}

  /** Reads a resource of the build, because a jar that is merged with others has no manifest. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream resource = UserAgent.class.getResourceAsStream("version.properties")) {
      if (resource != null) {
        properties.load(resource);
      }
    } catch (IOException e) {
      // The version stays unknown.
    }
    String version = properties.getProperty("version", "");
    return version.matches("[A-Za-z0-9._-]+") ? version : "unknown";
  }
}
