package io.github.shortlived.testing.internal.compute;

import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one kind of filter that is emulated: a field equals a value. */
final class InstanceFilter {
  private static final Pattern EQUALITY =
      Pattern.compile("\\(?\\s*(name|status)\\s*(?:=|\\s+eq\\s+)\\s*(\"?)([\\w.-]+)\\2\\s*\\)?");

  private InstanceFilter() {}

  /** Returns the filter; a blank one matches everything, an unsupported one is refused. */
  static Predicate<VmInstance> of(String expression) {
    if (expression.isBlank()) {
      return vm -> true;
    }
    Matcher matcher = EQUALITY.matcher(expression.strip());
    if (!matcher.matches()) {
      throw GoogleErrors.notEmulated("A filter other than name=VALUE or status=VALUE");
    }
    String value = matcher.group(3);
    return matcher.group(1).equals("name")
        ? vm -> vm.name().equals(value)
        : vm -> value.equals(VmInstance.STATUS);
  }

  /** Requires the default order, by name. */
  static void requireOrder(String orderBy) {
    if (!orderBy.isBlank() && !orderBy.equals("name")) {
      throw GoogleErrors.notEmulated("Sorting other than by name");
    }
  }
}
