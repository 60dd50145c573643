package io.github.shortlived.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a call to a token endpoint, each at most once, as RFC 6749 asks. The texts of
 * its refusals are unverified.
 */
record OAuthForm(Map<String, String> values) {
  private static final String FORM = "application/x-www-form-urlencoded";

  static OAuthForm of(HttpCall call) {
    String type = mediaType(call);
    if (!type.isEmpty() && !type.equals(FORM)) {
      throw OAuthRefusal.invalidRequest("The request's Content-Type must be " + FORM + ".");
    }
    return new OAuthForm(single(decoded(call.body())));
  }

  /** The media type in lower case without its parameters; empty when the call names none. */
  static String mediaType(HttpCall call) {
    String type = call.header("Content-Type").orElse("");
    int parameters = type.indexOf(';');
    return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
  }

  /** A blank value is as good as none. */
  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  String required(String name) {
    return optional(name)
        .orElseThrow(() -> OAuthRefusal.invalidRequest("Required parameter is missing: " + name));
  }

  private static Map<String, List<String>> decoded(String body) {
    try {
      return FormValues.parse(body);
    } catch (RpcException badEscape) {
      throw OAuthRefusal.invalidRequest("The request's body is not well-formed.");
    }
  }

  private static Map<String, String> single(Map<String, List<String>> form) {
    Map<String, String> values = new LinkedHashMap<>();
    form.forEach((name, given) -> values.put(name, only(name, given)));
    return values;
  }

  private static String only(String name, List<String> given) {
    if (given.size() > 1) {
      throw OAuthRefusal.invalidRequest("OAuth 2 parameters can only have a single value: " + name);
    }
    return given.get(0);
  }

  /** The values are secrets. */
  @Override
  public String toString() {
    return "OAuthForm" + values.keySet();
  }
}
