package io.github.shortlived.model;

import com.google.common.base.Joiner;
import io.github.shortlived.internal.text.HiddenCharacters;
import java.util.regex.Pattern;

/**
 * The forms of members on Google's page that {@link Member#of} accepts. Only values (subjects,
 * groups and attribute values) may have blanks, and only inside.
 *
 * @see <a href="https://cloud.google.com/iam/docs/principal-identifiers">Principal identifiers</a>
 */
final class MemberForms {
  private static final String PAGE = "https://cloud.google.com/iam/docs/principal-identifiers";
  private static final String POOL_FORM =
      "iam.googleapis.com/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/POOL/";

  // Possessive quantifiers, so that a long text takes linear time and no deep stack.
  private static final String LABEL = "[\\p{L}\\p{M}\\p{N}_-]++";
  private static final String DOMAIN = LABEL + "(?:\\." + LABEL + ")++";
  private static final String EMAIL = "[^\\s:@<>()\\[\\],;\"\\\\]++@" + DOMAIN;
  private static final String ACCOUNT = "[A-Za-z0-9._-]++@" + DOMAIN;
  private static final String KUBERNETES =
      "(?:[a-z0-9.-]++:)?[a-z0-9.-]++(?<=\\.id\\.goog)\\[[a-z0-9-]++/[a-z0-9.-]++]";

  // A URL may end with a slash; in any other value it is a mistake.
  private static final String VALUE = "(?! )(?:[a-z]++://.+|.*[^/])(?<! )";
  private static final String POOL = "[a-z0-9.:-]++";
  private static final String IAM = "iam\\.googleapis\\.com/";
  private static final String IN_POOL =
      IAM
          + "(?:projects/[0-9]++/locations/global/workloadIdentityPools"
          + "|locations/global/workforcePools)/"
          + POOL
          + "/";
  private static final String TRUST_DOMAIN = "[a-z0-9-]++(?:\\.(?!id\\.goog/)[a-z0-9-]++)*+\\.id\\.goog/";
  // The resources of some services have identities of their own.
  private static final String RESOURCE =
      "(?!iam\\.)[a-z]++\\.googleapis\\.com/projects/[0-9]++/(?:name|uid)/";

  private static final Pattern ANY =
      Pattern.compile(
          Joiner.on('|')
              .join(
                  "(?:user|group):" + EMAIL,
                  "serviceAccount:(?:" + ACCOUNT + "|" + KUBERNETES + ")",
                  "domain:" + DOMAIN,
                  "principal://" + IN_POOL + "(?:subject|kubernetes\\.serviceaccount\\.uid)/" + VALUE,
                  "principal://" + IAM + "projects/[^/ ]++/serviceAccounts/(?:" + ACCOUNT + "|[0-9]++)",
                  "principal://goog/subject/" + EMAIL,
                  "principalSet://" + IN_POOL + "\\*",
                  "principalSet://"
                      + IN_POOL
                      + "(?:group|namespace|attribute\\.[a-z0-9_]++|kubernetes\\.[a-z.]++)/"
                      + VALUE,
                  "principalSet://goog/(?:group/"
                      + EMAIL
                      + "|public:all|cloudIdentityCustomerId/[A-Za-z0-9]++)",
                  "principalSet://cloudresourcemanager\\.googleapis\\.com"
                      + "/(?:projects|folders|organizations)/[0-9]++/type/[A-Za-z]++",
                  "principal(?:Set)?://(?:" + TRUST_DOMAIN + "|" + RESOURCE + ")" + VALUE));

  private static final Pattern MISTAKEN =
      Pattern.compile("(?:user|group):[^\\s:@]+@[^\\s:@]*gserviceaccount\\.com");

  private MemberForms() {}

  /** Throws unless the identifier has one of the forms; the message has the rule and the fix. */
  static void check(String id) {
    require(
        !MISTAKEN.matcher(id).matches(),
        id,
        "that address belongs to a service account",
        "write serviceAccount: in front of it");
    require(
        !HiddenCharacters.isIn(id),
        id,
        "a member is written without blanks or invisible characters, shown here as ?",
        "type it instead of pasting it");
    require(ANY.matcher(id).matches(), id, rule(id), fix(id));
  }

  private static String rule(String id) {
    return id.startsWith("principal")
        ? "it has no form of a principal for allow policies: see " + PAGE
        : "it must be user:EMAIL, serviceAccount:EMAIL, group:EMAIL, domain:DOMAIN, principal://…"
            + " or principalSet://…, without blanks or invisible characters";
  }

  private static String fix(String id) {
    String type = id.substring(0, id.indexOf(':') + 1);
    if (Checks.isPlaceholder(id.substring(type.length()))) {
      return "put a member in place of this placeholder, such as user:me@example.com";
    }
    return switch (type) {
      case "user:", "group:" -> "write only the email address after the type, such as NAME@example.com";
      case "domain:" -> "write only the domain after the type, such as example.com";
      case "serviceAccount:" ->
          "write NAME@PROJECT.iam.gserviceaccount.com after the type, or"
              + " PROJECT.svc.id.goog[NAMESPACE/NAME] for a Kubernetes service account";
      case "principal:" -> "write principal://" + POOL_FORM + "subject/SUBJECT";
      case "principalSet:" ->
          "write principalSet://" + POOL_FORM + "attribute.NAME/VALUE, group/GROUP or *";
      default ->
          "put the type in front, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com";
    };
  }

  private static void require(boolean holds, String id, String rule, String fix) {
    Checks.request(holds, "member", id, rule, fix);
  }
}
