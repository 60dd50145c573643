package io.github.shortlived.testing;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The simplest of Compute Engine's filters: one field that equals a value. */
final class InstanceFilter {
  private static final Pattern EQUALITY =
      Pattern.compile("\\(?\\s*(name|status)\\s*(?:=|\\s+eq\\s+)\\s*(\"?)([\\w.-]+)\\2\\s*\\)?");

  private InstanceFilter() {}

  /** None passes everything; one that is not understood is refused rather than ignored. */
  static Predicate<Vm> of(String expression) {
    if (expression.isBlank()) {
      return vm -> true;
    }
    Matcher matcher = EQUALITY.matcher(expression.strip());
    if (!matcher.matches()) {
      throw Refusals.notEmulated("A filter other than name=VALUE or status=VALUE");
    }
    String value = matcher.group(3);
    return matcher.group(1).equals("name")
        ? vm -> vm.name().equals(value)
        : vm -> value.equals(Vm.STATUS);
  }

  /** Lists are in the order of names, which is Compute Engine's default too. */
  static void requireOrder(String orderBy) {
    if (!orderBy.isBlank() && !orderBy.equals("name")) {
      throw Refusals.notEmulated("An order other than by name");
    }
  }
}
