package io.github.shortlived.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL of a credential configuration, in a form that every parser reads alike: no user, fragment,
 * backslash, encoded host or step upwards in the path.
 *
 * @param scheme in lower case
 * @param host in lower case
 * @param authority the host, and the port where it is not 443
 * @param path begins with a slash, or is empty
 * @param query begins with a question mark, or is empty
 */
record ConfigUrl(String scheme, String host, String authority, String path, String query) {
  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z]+)://([A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?"
              + "((?:/[A-Za-z0-9._~:@!$&'()*+,;=/%-]*)?)((?:\\?[A-Za-z0-9._~:@!$&'()*+,;=/?%-]*)?)");
  private static final Pattern UPWARDS =
      Pattern.compile("(?:\\.|%2e){2}", Pattern.CASE_INSENSITIVE);
  private static final String REGION = "(?:us|eu|[a-z]+-[a-z]+[0-9]+)";
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

  static Optional<ConfigUrl> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || UPWARDS.matcher(form.group(4)).find()) {
      return Optional.empty();
    }
    String host = form.group(2).toLowerCase(Locale.ROOT);
    String port = form.group(3) == null || form.group(3).equals(":443") ? "" : form.group(3);
    String scheme = form.group(1).toLowerCase(Locale.ROOT);
    return Optional.of(new ConfigUrl(scheme, host, host + port, form.group(4), form.group(5)));
  }

  boolean isHttps() {
    return scheme.equals("https");
  }

  /**
   * Whether it may be sent a token, if its host may: it is https, or does not leave this machine.
   */
  boolean isConfidential() {
    return isHttps() || (scheme.equals("http") && LOOPBACK.contains(host));
  }

  /**
   * Whether it is this Google service's global, regional, private or mutual-TLS endpoint. Other
   * labels before the domain may be a customer's choice, as the names of buckets are.
   */
  boolean isGoogle(String service, String universe) {
    String form = "(?:%1$s[.-])?%2$s(?:\\.%1$s(?:\\.rep)?|\\.mtls|-[a-z0-9-]+\\.p)?\\.%3$s";
    return isHttps() && authority.matches(form.formatted(REGION, service, Pattern.quote(universe)));
  }

  /** Not the path and the query, which may be secret. */
  @Override
  public String toString() {
    return "ConfigurationUrl[%s]".formatted(authority);
  }
}
