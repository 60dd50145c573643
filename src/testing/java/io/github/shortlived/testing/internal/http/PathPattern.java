package io.github.shortlived.testing.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.pathtemplate.PathTemplate;
import com.google.common.collect.Maps;
import java.net.URLDecoder;
import java.util.Map;
import java.util.Optional;

/** Matches percent-encoded paths. */
@FunctionalInterface
public interface PathPattern {
  /** Returns the decoded variables of a path; empty if the path does not match. */
  Optional<Map<String, String>> match(String path);

  /**
   * Returns the pattern of a {@code google.api.http} rule, such as <code>
   * /v1/{name=projects/&#42;}:verb</code>. A wildcard matches one segment that is not empty.
   */
  static PathPattern of(String template) {
    if (template.indexOf('{') < 0) {
      return path -> path.equals(template) ? Optional.of(Map.of()) : Optional.empty();
    }
    PathTemplate paths = PathTemplate.createWithoutUrlEncoding(template.substring(1));
    return path ->
        isCandidate(paths, path) ? match(paths, withOneColon(path.substring(1))) : Optional.empty();
  }

  static String decode(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
  }

  /** Without a verb of its own, a template must not match the path of another method's verb. */
  private static boolean isCandidate(PathTemplate template, String path) {
    return path.startsWith("/")
        && (template.endsWithCustomVerb() || path.indexOf(':', path.lastIndexOf('/')) < 0);
  }

  /** Encodes the colon of a domain-scoped project, as in {@code example.com:project:verb}. */
  private static String withOneColon(String path) {
    int segment = path.lastIndexOf('/') + 1;
    int verb = path.lastIndexOf(':');
    return verb < segment
        ? path
        : path.substring(0, segment)
            + path.substring(segment, verb).replace(":", "%3A")
            + path.substring(verb);
  }

  private static Optional<Map<String, String>> match(PathTemplate template, String path) {
    return Optional.ofNullable(template.match(path))
        .filter(values -> values.values().stream().noneMatch(PathPattern::hasEmptySegment))
        .map(values -> Map.copyOf(Maps.transformValues(values, PathPattern::decode)));
  }

  /** The library also allows empty segments, and stores a host with its slashes as a variable. */
  private static boolean hasEmptySegment(String value) {
    return ("/" + value + "/").contains("//");
  }
}
