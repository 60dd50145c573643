package io.github.shortlived.model;

import com.google.common.base.Ascii;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ServiceAccountEmails;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The forms of members on Google's page that {@link Member#of} accepts. Blanks are legal only
 * inside a VALUE: a subject, a group, or the value of an attribute.
 *
 * @see <a href="https://cloud.google.com/iam/docs/principal-identifiers">Principal identifiers</a>
 */
final class MemberForms {
  private static final List<String> FORMS =
      List.of(
          "user:EMAIL",
          "group:EMAIL",
          "domain:DOMAIN",
          "serviceAccount:ACCOUNT",
          "serviceAccount:WORKLOADS[NAME/NAME]",
          "principal://POOL/subject/VALUE",
          "principal://CLUSTERS/kubernetes.serviceaccount.uid/NAME",
          "principalSet://POOL/*",
          "principalSet://POOL/group/VALUE",
          "principalSet://POOL/attribute.NAME/VALUE",
          "principalSet://CLUSTERS/namespace/NAME",
          "principalSet://CLUSTERS/kubernetes.cluster/VALUE",
          // These are agents and managed workloads.
          "principal://TRUSTED/SINGLE",
          "principalSet://TRUSTED/*",
          "principalSet://TRUSTED/attribute.NAME/VALUE",
          // These are resources with an identity of their own.
          "principal://SERVICE/projects/NUMBER/name/VALUE",
          "principal://SERVICE/projects/NUMBER/uid/VALUE",
          "principalSet://" + GoogleHosts.RESOURCE_MANAGER + "/PARENT/NUMBER/type/NAME",
          // These are the forms of deny policies.
          "principal://goog/subject/EMAIL",
          "principalSet://goog/group/EMAIL",
          "principalSet://goog/public:all",
          "principalSet://goog/cloudIdentityCustomerId/NAME",
          "principal://" + GoogleHosts.IAM + "/projects/NAME/serviceAccounts/ACCOUNT");

  // Possessive quantifiers, so that a long text takes linear time and no deep stack.
  private static final String LABEL = "[\\p{L}\\p{M}\\p{N}_-]++";
  private static final String DOMAIN = LABEL + "(?:\\." + LABEL + ")++";
  private static final String HOST = "[a-z0-9][a-z0-9-]*+(?:\\.[a-z0-9-]++)*+";
  private static final String NUMBER = "[1-9][0-9]*+";
  // A URL may end with a slash; in any other value it is a mistake.
  private static final String VALUE = "(?! )(?:[a-z]++://.+|.*[^/])(?<! )";
  // The ID of a project may begin with a domain.
  private static final String POOL_ID = "(?:" + HOST + ":)?" + HOST;
  private static final String WORKLOAD_POOL =
      Pattern.quote(GoogleHosts.IAM)
          + ("/projects/" + NUMBER + "/locations/global/workloadIdentityPools/" + POOL_ID);
  private static final String WORKFORCE_POOL =
      Pattern.quote(GoogleHosts.IAM) + "/locations/global/workforcePools/" + POOL_ID;

  /** The words in the forms, as regular expressions. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("EMAIL", "[^\\s:@<>()\\[\\],;\"\\\\]++@" + DOMAIN),
          Map.entry("DOMAIN", DOMAIN),
          Map.entry("ACCOUNT", "(?i:" + ServiceAccountEmails.FORM + ")"),
          Map.entry("NAME", "[A-Za-z0-9._-]++"),
          Map.entry("NUMBER", NUMBER),
          Map.entry("PARENT", "(?:projects|folders|organizations)"),
          Map.entry("VALUE", VALUE),
          Map.entry("SINGLE", "(?!\\*\\z)" + VALUE),
          Map.entry("WORKLOADS", POOL_ID + "(?<=[a-z0-9-]\\.(?:svc|hub)\\.id\\.goog)"),
          Map.entry("TRUSTED", HOST + "(?<=[a-z0-9]\\.id\\.goog)"),
          Map.entry("SERVICE", "[a-z]++\\." + Pattern.quote(GoogleHosts.DEFAULT_UNIVERSE)),
          Map.entry("CLUSTERS", WORKLOAD_POOL),
          Map.entry("POOL", "(?:" + WORKLOAD_POOL + "|" + WORKFORCE_POOL + ")"));

  private static final Pattern WORD = Pattern.compile("[A-Z]{3,}");
  private static final Pattern ANY =
      Pattern.compile(FORMS.stream().map(MemberForms::pattern).collect(Collectors.joining("|")));

  private static final String PAGE = "https://cloud.google.com/iam/docs/principal-identifiers";
  private static final String POOL_FORM =
      GoogleHosts.IAM + "/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/POOL/";

  /** The types in their right case. */
  private static final List<String> TYPES =
      List.of("user:", "group:", "domain:", "serviceAccount:", "principal:", "principalSet:");

  private MemberForms() {}

  private static String pattern(String form) {
    return WORD.matcher(Pattern.quote(form))
        .replaceAll(
            word -> {
              String expression = Objects.requireNonNull(WORDS.get(word.group()));
              return Matcher.quoteReplacement("\\E" + expression + "\\Q");
            });
  }

  /** Throws unless the identifier has one of the forms; the message has the rule and the fix. */
  static void check(String id) {
    require(
        !isMistaken(id),
        id,
        "that address belongs to a service account",
        "write serviceAccount: in front of it");
    require(
        !SafeText.hasHidden(id),
        id,
        "a member is written without blanks or invisible characters, shown here as ?",
        "type it instead of pasting it");
    require(ANY.matcher(id).matches(), id, rule(id), fix(id));
  }

  private static boolean isMistaken(String id) {
    boolean hasOtherType = id.startsWith("user:") || id.startsWith("group:");
    return hasOtherType && ServiceAccountEmails.isServiceAccount(id.substring(id.indexOf(':') + 1));
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
    Optional<String> rightCase =
        TYPES.stream().filter(known -> Ascii.equalsIgnoreCase(known, type)).findFirst();
    if (rightCase.isPresent() && !rightCase.get().equals(type)) {
      return "write the type as " + rightCase.get();
    }
    return switch (type) {
      case "user:", "group:" ->
          "write only the email address after the type, such as NAME@example.com";
      case "domain:" -> "write only the domain after the type, such as example.com";
      case "serviceAccount:" ->
          "write NAME@PROJECT.iam.gserviceaccount.com after the type, or"
              + " PROJECT.svc.id.goog[NAMESPACE/NAME] for a Kubernetes service account";
      case "principal:" -> "write principal://" + POOL_FORM + "subject/SUBJECT";
      case "principalSet:" ->
          "write principalSet://" + POOL_FORM + "attribute.NAME/VALUE, group/GROUP or *";
      default -> fixOfOtherType(Ascii.toLowerCase(type));
    };
  }

  private static String fixOfOtherType(String lowerCaseType) {
    return switch (lowerCaseType) {
      case "deleted:" ->
          "a deleted principal gets no grant: name one that exists, such as user:me@example.com";
      case "projectowner:", "projecteditor:", "projectviewer:" ->
          "such members are for Cloud Storage only: name the users or groups themselves";
      default ->
          "put the type in front, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com";
    };
  }

  private static void require(boolean holds, String id, String rule, String fix) {
    Checks.request(holds, "member", id, rule, fix);
  }
}
