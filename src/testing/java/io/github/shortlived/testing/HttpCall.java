package io.github.shortlived.testing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as it came: the path still percent-encoded, the query taken apart, the headers by
 * their names in lower case. A query or body that cannot be read is refused when it is asked for,
 * so that the refusal is in the log and in the form of the API called.
 */
record HttpCall(
    String method,
    String path,
    Supplier<Map<String, List<String>>> parameters,
    Map<String, String> headers,
    Supplier<String> content) {

  /** The same call with a refusal in place of its body. */
  HttpCall refused(RpcException why) {
    return new HttpCall(
        method,
        path,
        parameters,
        headers,
        () -> {
          throw why;
        });
  }

  @Nullable String authorization() {
    return headers.get("authorization");
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * The body, decoded.
   *
   * @throws RpcException if it cannot be read
   */
  String body() {
    return content.get();
  }

  /**
   * The values of the query by name.
   *
   * @throws RpcException if it cannot be read
   */
  Map<String, List<String>> query() {
    return parameters.get();
  }

  /** The first value of a query parameter that is not blank. */
  Optional<String> parameter(String name) {
    return query().getOrDefault(name, List.of()).stream()
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  @Override
  public String toString() {
    return "HttpCall[" + method + " " + path + "]";
  }
}
