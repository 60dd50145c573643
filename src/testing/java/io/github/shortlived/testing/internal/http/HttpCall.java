package io.github.shortlived.testing.internal.http;

import com.google.common.base.Ascii;
import com.sun.net.httpserver.Headers;
import io.github.shortlived.testing.internal.error.RpcException;
import java.util.Arrays;
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
  /** The parameters of the query that may have the access token. */
  static final List<String> TOKENS = List.of("access_token", "oauth_token");

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

  HttpCall withMethod(String other) {
    return new HttpCall(other, path, parameters, headers, content);
  }

  /**
   * Returns the credentials of the caller: the Authorization header, or the access token that the
   * query of some clients has in its place.
   */
  public @Nullable String authorization() {
    return header("Authorization").or(() -> tokenParameter().map("Bearer "::concat)).orElse(null);
  }

  /** Returns the access token in the query. */
  Optional<String> tokenParameter() {
    return parameterIfReadable(TOKENS.toArray(String[]::new));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  /** Returns the media type in lower case without parameters; empty if the call has none. */
  public String mediaType() {
    String type = header("Content-Type").orElse("");
    int parameters = type.indexOf(';');
    return Ascii.toLowerCase((parameters < 0 ? type : type.substring(0, parameters)).strip());
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

  /**
   * Returns the first value of a query parameter that is not blank. The parameter may have several
   * names.
   *
   * @throws RpcException if the query cannot be read
   */
  public Optional<String> parameter(String... names) {
    return Arrays.stream(names)
        .flatMap(name -> query().getOrDefault(name, List.of()).stream())
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  /** Returns whether a parameter of one of these names is {@code true}, in any case. */
  public boolean isTrue(String... names) {
    return parameterIfReadable(names)
        .filter(value -> Ascii.equalsIgnoreCase(value, "true"))
        .isPresent();
  }

  /**
   * Returns the parameter, or nothing if the query is malformed: the call is refused when its
   * request is read.
   */
  public Optional<String> parameterIfReadable(String... names) {
    try {
      return parameter(names);
    } catch (RpcException malformed) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "HttpCall[" + method + " " + path + "]";
  }
}
