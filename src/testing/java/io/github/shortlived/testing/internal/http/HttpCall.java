package io.github.shortlived.testing.internal.http;

import io.github.shortlived.testing.internal.error.RpcException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request: the path still percent-encoded, the query parsed, the headers by their names in
 * lower case. A malformed query or body is refused when it is read, so that the refusal is in the
 * log and in the form of the API called.
 */
public record HttpCall(
    String method,
    String path,
    Supplier<Map<String, List<String>>> parameters,
    Map<String, String> headers,
    Supplier<String> content) {

  /** Returns the same call with another method, and with a refusal in place of its body. */
  HttpCall refused(String allowedMethod, RpcException refusal) {
    return new HttpCall(
        allowedMethod,
        path,
        parameters,
        headers,
        () -> {
          throw refusal;
        });
  }

  public @Nullable String authorization() {
    return headers.get("authorization");
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Returns the decoded body.
   *
   * @throws RpcException if it cannot be read
   */
  public String body() {
    return content.get();
  }

  /**
   * Returns the values of the query by name.
   *
   * @throws RpcException if it cannot be read
   */
  public Map<String, List<String>> query() {
    return parameters.get();
  }

  /** Returns the first value of a query parameter that is not blank. */
  public Optional<String> parameter(String name) {
    return query().getOrDefault(name, List.of()).stream()
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  @Override
  public String toString() {
    return "HttpCall[" + method + " " + path + "]";
  }
}
