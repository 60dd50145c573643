package io.github.shortlived.model;

import com.google.common.base.Ascii;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.internal.text.ServiceAccountEmails;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Google Cloud service account, named by its email address or its numeric unique ID. Immutable.
 * Two are equal if their IDs are equal: an email address never equals a unique ID, because only
 * Google knows whether both name the same account.
 *
 * @param id the email address, such as {@code deployer@my-project.iam.gserviceaccount.com}, or the
 *     unique ID, such as {@code 103456789012345678901}
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts">
 *     projects.serviceAccounts</a>
 */
public record ServiceAccount(String id) implements Target {
  private static final Pattern RESOURCE_NAME =
      Pattern.compile("projects/[^/]+/serviceAccounts/([^/]+)");
  private static final Pattern EMAIL = Pattern.compile(ServiceAccountEmails.FORM);
  private static final Pattern UNIQUE_ID = Pattern.compile("[0-9]{6,30}");

  /** Checks that the ID is an email address of a service account or a unique ID, by its form. */
  public ServiceAccount {
    Objects.requireNonNull(id, "id");
    boolean valid = EMAIL.matcher(id).matches() || UNIQUE_ID.matcher(id).matches();
    Checks.request(
        valid,
        "service account",
        id,
        "it must be an email address (NAME@PROJECT.iam.gserviceaccount.com), its numeric"
            + " unique ID, or projects/-/serviceAccounts/EMAIL_OR_UNIQUE_ID",
        valid ? "" : fixFor(id));
  }

  /**
   * {@return the account with this email address, numeric unique ID, or resource name ({@code
   * projects/PROJECT/serviceAccounts/EMAIL_OR_UNIQUE_ID}, whose project is ignored)}
   */
  public static ServiceAccount of(String name) {
    Objects.requireNonNull(name, "name");
    Matcher resource = RESOURCE_NAME.matcher(name);
    return new ServiceAccount(resource.matches() ? resource.group(1) : name);
  }

  /** {@return the resource name for Google's APIs: {@code projects/-/serviceAccounts/ID}} */
  public String resourceName() {
    return MemberIds.RESOURCE + id;
  }

  @Override
  public List<ServiceAccount> accounts() {
    return List.of(this);
  }

  /** {@return whether {@link #id()} is an email address rather than a numeric unique ID} */
  public boolean isEmail() {
    return id.indexOf('@') > 0;
  }

  // The generated methods of a record are linked on first use, which delays the first token.

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
    if (MemberIds.isServiceAccount(id)) {
      return "that is a policy member: leave out 'serviceAccount:'";
    } else if (Checks.isPlaceholder(id)) {
      return "that is a placeholder: put the email address of your service account there";
    } else if (!id.equals(Ascii.toLowerCase(id).strip())) {
      return "write it in lower case, without spaces";
    } else if (id.indexOf('@') > 0) {
      return "use the address of a service account: only service accounts can be impersonated";
    }
    return "find it with: gcloud iam service-accounts list";
  }
}
