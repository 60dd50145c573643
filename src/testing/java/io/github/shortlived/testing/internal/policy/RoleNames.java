package io.github.shortlived.testing.internal.policy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of the names of roles. A name in one of these forms need not exist. */
public final class RoleNames {
  private static final String CUSTOM = "/roles/([\\w.]{3,64})";
  private static final Pattern PREDEFINED = Pattern.compile("roles/[\\w.]+");
  private static final Pattern OF_PROJECT = Pattern.compile("projects/([a-z0-9.:-]+)" + CUSTOM);
  private static final Pattern OF_ORGANIZATION = Pattern.compile("organizations/(\\d+)" + CUSTOM);

  private RoleNames() {}

  public static boolean isRole(String name) {
    return isPredefined(name) || isOfProject(name) || OF_ORGANIZATION.matcher(name).matches();
  }

  public static boolean isPredefined(String name) {
    return PREDEFINED.matcher(name).matches();
  }

  static boolean isOfProject(String name) {
    return OF_PROJECT.matcher(name).matches();
  }

  /** Returns the project of a custom role; empty if the name has another form. */
  public static Optional<String> projectOf(String name) {
    return Optional.of(OF_PROJECT.matcher(name)).filter(Matcher::matches).map(m -> m.group(1));
  }

  /** Returns the name of a custom role with the ID of its project in place of its number. */
  public static String ofProject(String projectId, String name) {
    return "projects/" + projectId + name.substring(name.indexOf("/roles/"));
  }
}
