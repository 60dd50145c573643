package io.github.shortlived.model;

import com.google.common.base.Ascii;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Google Cloud service account, named by its email address or its numeric unique id. Immutable;
 * two are equal when written alike, for whether an email and a unique id mean the same account only
 * Google knows.
 *
 * @param id the email address, such as {@code deployer@my-project.iam.gserviceaccount.com}, or the
 *     unique id, such as {@code 103456789012345678901}
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts">
 *     projects.serviceAccounts</a>
 */
public record ServiceAccount(String id) implements Target {
  private static final Pattern RESOURCE_NAME =
      Pattern.compile("projects/[^/]+/serviceAccounts/([^/]+)");
  // Possessive: a text of any length is read once, and needs no deep stack.
  private static final Pattern EMAIL =
      Pattern.compile(
          "[a-z0-9][a-z0-9._-]*+@"
              + "(?:(?!gserviceaccount\\.com\\z)[a-z0-9-]++\\.)*+gserviceaccount\\.com");
  private static final Pattern UNIQUE_ID = Pattern.compile("[0-9]{6,30}");

  /**
   * Checks the id; no network call is made.
   *
   * @throws CredentialException.InvalidRequest if it is neither an email address of a service
   *     account nor a unique id
   */
  public ServiceAccount {
    boolean valid = EMAIL.matcher(id).matches() || UNIQUE_ID.matcher(id).matches();
    Checks.request(
        valid,
        "service account",
        id,
        "it is named by its email address (NAME@PROJECT.iam.gserviceaccount.com), its numeric"
            + " unique id, or projects/-/serviceAccounts/EMAIL_OR_UNIQUE_ID",
        valid ? "" : fixFor(id));
  }

  /**
   * Reads an email address, a numeric unique id, or a full resource name ({@code
   * projects/PROJECT/serviceAccounts/EMAIL_OR_UNIQUE_ID}, whose project is not kept: the account
   * names it already).
   *
   * @throws CredentialException.InvalidRequest if it is none of these
   */
  public static ServiceAccount of(String name) {
    Matcher resource = RESOURCE_NAME.matcher(name);
    return new ServiceAccount(resource.matches() ? resource.group(1) : name);
  }

  /** {@return the name by which Google's APIs know it: {@code projects/-/serviceAccounts/ID}} */
  public String resourceName() {
    return "projects/-/serviceAccounts/" + id;
  }

  /** {@return this account alone} */
  @Override
  public List<ServiceAccount> hops() {
    return List.of(this);
  }

  /** {@return whether {@link #id()} is an email address rather than a numeric unique id} */
  public boolean isEmail() {
    return id.indexOf('@') > 0;
  }

  // What a record has by itself is made when the program runs: a part of its first token's time.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServiceAccount that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** {@return the {@link #id()}} */
  @Override
  public String toString() {
    return id;
  }

  private static String fixFor(String id) {
    if (id.startsWith("serviceAccount:")) {
      return "that is a policy member: leave out 'serviceAccount:'";
    }
    if (!id.equals(Ascii.toLowerCase(id).strip())) {
      return "write it in lower case, without blanks";
    }
    if (id.indexOf('@') > 0) {
      return "that address belongs to no service account: only service accounts can be"
          + " impersonated";
    }
    return "find it with: gcloud iam service-accounts list";
  }
}
