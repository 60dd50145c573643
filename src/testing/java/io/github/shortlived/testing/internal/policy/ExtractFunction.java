package io.github.shortlived.testing.internal.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * IAM's own addition to the language of conditions: {@code resource.name.extract("/roles/{name}/")}
 * is what stands between the first {@code /roles/} and the next {@code /}.
 */
final class ExtractFunction {
  private static final Pattern TEMPLATE = Pattern.compile("([^{}]*)\\{\\w+}([^{}]*)");

  private ExtractFunction() {}

  /** Empty when the value does not fit; an empty prefix or suffix is the value's very end. */
  static String extract(String value, String template) {
    Matcher parts = TEMPLATE.matcher(template);
    if (!parts.matches()) {
      throw new IllegalArgumentException("No such template: " + template);
    }
    int before = value.indexOf(parts.group(1));
    return before < 0
        ? ""
        : upTo(value.substring(before + parts.group(1).length()), parts.group(2));
  }

  private static String upTo(String rest, String suffix) {
    if (suffix.isEmpty()) {
      return rest;
    }
    int end = rest.indexOf(suffix);
    return end < 0 ? "" : rest.substring(0, end);
  }
}
