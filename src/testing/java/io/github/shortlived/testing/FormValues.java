package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a query string or a form says. */
final class FormValues {
  private static final Splitter PAIRS = Splitter.on('&').omitEmptyStrings();

  private FormValues() {}

  /** The values by name, in their order. */
  static Map<String, List<String>> parse(@Nullable String encoded) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : PAIRS.split(encoded == null ? "" : encoded)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException badEscape) {
      throw Refusals.invalidArgument();
    }
  }
}
