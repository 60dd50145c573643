package io.github.shortlived.testing.internal.oauth;

import com.google.common.base.CaseFormat;
import com.google.common.base.Splitter;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.FormBody;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.RequestBody;
import io.github.shortlived.testing.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a call to a token endpoint, each at most once, as RFC 6749 requires. The texts
 * of the errors are unverified.
 */
record OAuthForm(Map<String, String> values) {
  static final Splitter SPACES = Splitter.on(' ').omitEmptyStrings();
  private static final String MALFORMED = "The request's body is not well-formed.";

  /** Reads a form. */
  static OAuthForm of(HttpCall call) {
    String type = call.mediaType();
    if (!type.isEmpty() && !type.equals(FormBody.MEDIA_TYPE)) {
      throw OAuthException.invalidRequest(
          "The request's Content-Type must be " + FormBody.MEDIA_TYPE + ".");
    }
    return ofValues(decoded(call.body()));
  }

  /** Reads the query and, if the body is a form, the form. */
  static OAuthForm ofQueryAndForm(HttpCall call) {
    return ofValues(FormBody.asQuery(call).query());
  }

  private static OAuthForm ofValues(Map<String, List<String>> given) {
    Map<String, String> values = new LinkedHashMap<>();
    given.forEach((name, all) -> values.put(name, only(name, all)));
    return new OAuthForm(values);
  }

  /** Reads a form or a JSON object with names in camel case; a token exchange accepts both. */
  static OAuthForm ofFormOrJson(HttpCall call) {
    return call.mediaType().equals("application/json") ? ofJson(call.body()) : of(call);
  }

  /** Returns a value that is not blank. */
  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  String required(String name) {
    return optional(name)
        .orElseThrow(() -> OAuthException.invalidRequest("Required parameter is missing: " + name));
  }

  private static OAuthForm ofJson(String body) {
    try {
      Map<String, String> values = new LinkedHashMap<>();
      Json.object(body).asMap().forEach((name, value) -> values.put(formName(name), text(value)));
      return new OAuthForm(values);
    } catch (JsonParseException malformed) {
      throw OAuthException.invalidRequest(MALFORMED);
    }
  }

  private static String text(JsonElement value) {
    if (value instanceof JsonPrimitive text && text.isString()) {
      return text.getAsString();
    }
    throw OAuthException.invalidRequest("The request's values must be strings.");
  }

  private static String formName(String name) {
    return CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name);
  }

  private static Map<String, List<String>> decoded(String body) {
    try {
      return RequestBody.parameters(body);
    } catch (RpcException badEscape) {
      throw OAuthException.invalidRequest(MALFORMED);
    }
  }

  private static String only(String name, List<String> given) {
    if (given.size() > 1) {
      throw OAuthException.invalidRequest(
          "OAuth 2 parameters can only have a single value: " + name);
    }
    return given.get(0);
  }

  /** The values are secrets. */
  @Override
  public String toString() {
    return "OAuthForm" + values.keySet();
  }
}
