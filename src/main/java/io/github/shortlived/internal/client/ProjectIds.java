package io.github.shortlived.internal.client;

import static io.github.shortlived.model.InternalExceptions.require;

import io.github.shortlived.model.CredentialException;
import java.util.regex.Pattern;

/** Checks the names of projects before a call. */
public final class ProjectIds {
  private static final Pattern ID =
      Pattern.compile("(?:[a-z0-9.-]{1,253}:)?[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");
  private static final String FIX = "Find it with: gcloud projects list";

  private ProjectIds() {}

  /**
   * Checks the form of a project's ID or number, and returns it.
   *
   * @throws CredentialException.InvalidRequest if it has another form
   */
  public static String checkIdOrNumber(String project) {
    require(
        ID.matcher(project).matches() || NUMBER.matcher(project).matches(),
        "project",
        project,
        "it must be a project ID or a project number",
        FIX);
    return project;
  }

  /**
   * Checks the form of a project's ID, which is part of email addresses, and returns it.
   *
   * @throws CredentialException.InvalidRequest if it has another form
   */
  public static String checkId(String project) {
    require(
        ID.matcher(project).matches(),
        "project",
        project,
        "it must be a project ID, such as my-project, and not a number",
        FIX);
    return project;
  }
}
