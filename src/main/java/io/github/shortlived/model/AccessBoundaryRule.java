package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.CelScanner;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SafeText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A rule of a credential access boundary: the permissions that a downscoped token can have on one
 * Cloud Storage bucket. A boundary only limits; the account needs the permissions itself.
 * Immutable.
 *
 * @param availableResource the full resource name of a bucket, such as {@code
 *     //storage.googleapis.com/projects/_/buckets/reports}
 * @param availablePermissions at least one; each is {@code inRole:} and a predefined or custom role
 * @param availabilityCondition limits the rule, for example to the objects with a prefix
 * @see <a href="https://cloud.google.com/iam/docs/downscoping-short-lived-credentials#components">
 *     Components of a Credential Access Boundary</a>
 */
public record AccessBoundaryRule(
    String availableResource,
    List<String> availablePermissions,
    Optional<AvailabilityCondition> availabilityCondition) {
  private static final String IN_ROLE = "inRole:";
  private static final Pattern BUCKET =
      Pattern.compile(Pattern.quote(GoogleHosts.BUCKETS) + "[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
  private static final Pattern PERMISSION =
      Pattern.compile(
          IN_ROLE
              + "(?:roles/[A-Za-z0-9_.]++"
              + "|(?:projects/[a-z0-9.:-]++|organizations/[0-9]++)/roles/[A-Za-z0-9_.]{3,64})");

  /** Checks the form of the bucket and of each role, without a network call. */
  public AccessBoundaryRule {
    Objects.requireNonNull(availableResource, "availableResource");
    availablePermissions = Arguments.copy(availablePermissions, "availablePermissions");
    Objects.requireNonNull(availabilityCondition, "availabilityCondition");
    Checks.request(
        BUCKET.matcher(availableResource).matches(),
        "available resource",
        availableResource,
        "it must be %sBUCKET, with a name of 3 to 222 lowercase letters, digits and ._-"
            .formatted(GoogleHosts.BUCKETS),
        "name a Cloud Storage bucket, which is the only type of resource with such rules");
    Checks.request(
        !availablePermissions.isEmpty(),
        "available permissions",
        "none",
        "a rule makes at least one role available",
        "pass a role, such as roles/storage.objectViewer");
    availablePermissions.forEach(AccessBoundaryRule::checkPermission);
  }

  private static void checkPermission(String permission) {
    Checks.request(
        PERMISSION.matcher(permission).matches(),
        "available permission",
        permission,
        "it must be inRole:roles/ROLE, inRole:projects/PROJECT/roles/ROLE or"
            + " inRole:organizations/NUMBER/roles/ROLE",
        "name a role, not a single permission");
  }

  /**
   * {@return a rule for a bucket without a condition}
   *
   * @param bucket the name of the bucket, such as {@code reports}
   * @param roles at least one, such as {@code roles/storage.objectViewer}
   */
  public static AccessBoundaryRule onBucket(String bucket, String... roles) {
    Objects.requireNonNull(bucket, "bucket");
    return new AccessBoundaryRule(
        GoogleHosts.BUCKETS + bucket,
        Arguments.copy(roles, "roles").stream().map(IN_ROLE::concat).toList(),
        Optional.empty());
  }

  /** {@return the same rule, which applies only while the condition is true} */
  public AccessBoundaryRule onlyIf(AvailabilityCondition condition) {
    Objects.requireNonNull(condition, "condition");
    return new AccessBoundaryRule(availableResource, availablePermissions, Optional.of(condition));
  }

  /**
   * {@return the same rule, which applies only while the expression is true}
   *
   * @param expression as in {@link AvailabilityCondition}
   */
  public AccessBoundaryRule onlyIf(String expression) {
    return onlyIf(new AvailabilityCondition("", "", expression));
  }

  /**
   * The condition of a rule.
   *
   * @param title a short title, or an empty one
   * @param description a longer text, or an empty one
   * @param expression in the Common Expression Language, such as {@code
   *     resource.name.startsWith('projects/_/buckets/reports/objects/2026/')}
   */
  public record AvailabilityCondition(String title, String description, String expression) {
    /** Checks that the expression is not blank and closes its brackets and quotes. */
    public AvailabilityCondition {
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(description, "description");
      Objects.requireNonNull(expression, "expression");
      Checks.wellFormed("title", title);
      Checks.wellFormed("description", description);
      Checks.wellFormed("expression", expression);
      Checks.request(
          !expression.isBlank() && CelScanner.isWhole(expression),
          "expression",
          expression,
          "it must be a CEL expression that closes its brackets and quotes",
          "write, for example, resource.name.startsWith('projects/_/buckets/BUCKET/objects/A')");
    }

    @Override
    public String toString() {
      return "AvailabilityCondition[title=%s, description=%s, expression=%s]"
          .formatted(
              SafeText.visible(title), SafeText.visible(description), SafeText.visible(expression));
    }
  }
}
