package io.github.shortlived.testing;

import com.google.common.base.CaseFormat;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Map;

/** A token exchange comes as a form or, with names in camel case, as JSON. */
final class ExchangeForm {
  private ExchangeForm() {}

  static OAuthForm of(HttpCall call) {
    return OAuthForm.mediaType(call).equals("application/json")
        ? ofJson(call.body())
        : OAuthForm.of(call);
  }

  private static OAuthForm ofJson(String body) {
    try {
      Map<String, String> values = new LinkedHashMap<>();
      Json.object(body).asMap().forEach((name, value) -> values.put(formName(name), text(value)));
      return new OAuthForm(values);
    } catch (JsonParseException malformed) {
      throw OAuthRefusal.invalidRequest("The request's body is not well-formed.");
    }
  }

  private static String text(JsonElement value) {
    if (value instanceof JsonPrimitive text && text.isString()) {
      return text.getAsString();
    }
    throw OAuthRefusal.invalidRequest("The request's values must be strings.");
  }

  private static String formName(String name) {
    return CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name);
  }
}
