package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path template of a {@code google.api.http} rule, such as <code>/v1/{name=projects/&#42;}:verb
 * </code>.
 */
record PathPattern(Pattern regex, List<String> variables) {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^=}]+)(?:=([^}]*))?}");

  static PathPattern of(String template) {
    StringBuilder regex = new StringBuilder();
    List<String> variables = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(template);
    int literal = 0;
    while (variable.find()) {
      regex.append(Pattern.quote(template.substring(literal, variable.start())));
      String segments = Optional.ofNullable(variable.group(2)).orElse("*");
      regex.append(group(segments, variable.end() == template.length()));
      variables.add(variable.group(1));
      literal = variable.end();
    }
    regex.append(Pattern.quote(template.substring(literal)));
    return new PathPattern(Pattern.compile(regex.toString()), List.copyOf(variables));
  }

  /** What the variables stand for in a percent-encoded path, if it fits. */
  Optional<Map<String, String>> match(String path) {
    Matcher matcher = regex.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < variables.size(); i++) {
      values.put(variables.get(i), decode(matcher.group(i + 1)));
    }
    return Optional.of(values);
  }

  /**
   * A star is one segment; at the very end it stops before a colon, which would begin another
   * method's verb.
   */
  private static String group(String segments, boolean last) {
    String any = "[^/]+";
    String regex = Pattern.quote(segments).replace("*", "\\E" + any + "\\Q");
    if (last && segments.endsWith("*")) {
      int star = regex.lastIndexOf(any);
      regex = regex.substring(0, star) + "[^/:]+" + regex.substring(star + any.length());
    }
    return "(" + regex + ")";
  }

  static String decode(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
  }
}
