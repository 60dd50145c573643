package io.github.shortlived.testing.internal.http;

import com.sun.net.httpserver.Headers;
import io.github.shortlived.testing.internal.error.RpcException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request: the path is still percent-encoded, the query is parsed. A malformed query or
 * body is refused when it is read, so that the error has the form of the API and is in the call
 * log.
 */
public record HttpCall(
    String method,
    String path,
    Supplier<Map<String, List<String>>> parameters,
    Headers headers,
    Supplier<String> content) {

  /** Returns the call with an allowed method, and with an error in place of its body. */
  HttpCall refused(String allowedMethod, RpcException error) {
    return new HttpCall(
        allowedMethod,
        path,
        parameters,
        headers,
        () -> {
          throw error;
        });
  }

  public @Nullable String authorization() {
    return headers.getFirst("Authorization");
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
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
