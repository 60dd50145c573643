package io.github.shortlived.testing.standalone;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A workload outside Google, whose subject token a provider of a workload identity pool signs.
 *
 * @param subject the claim {@code sub} of the token
 */
record Workload(String project, String pool, String provider, String subject) {
  private static final Pattern FORM = Pattern.compile("([^/=]+)/([^/=]+)/([^/=]+)=(\\S.*)");

  static Workload parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          ("--subject-token \"%s\" is not a workload: use PROJECT/POOL/PROVIDER=SUBJECT, such as"
                  + " demo-project/ci-pool/github=repo:octo/app")
              .formatted(text));
    }
    return new Workload(form.group(1), form.group(2), form.group(3), form.group(4));
  }
}
