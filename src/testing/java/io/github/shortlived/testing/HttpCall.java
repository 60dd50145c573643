package io.github.shortlived.testing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as it came: the path still percent-encoded, the query taken apart, the headers by
 * their names in lower case.
 */
record HttpCall(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    String body) {

  @Nullable String authorization() {
    return headers.get("authorization");
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The first value of a query parameter that is not blank. */
  Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream()
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  @Override
  public String toString() {
    return "HttpCall[" + method + " " + path + "]";
  }
}
