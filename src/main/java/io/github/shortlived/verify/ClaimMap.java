package io.github.shortlived.verify;

import static java.util.stream.Collectors.toUnmodifiableList;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Converts claims to Java's own types. */
final class ClaimMap {
  private ClaimMap() {}

  /** Returns an immutable map of texts, booleans, longs, other decimals, lists and maps. */
  static Map<String, Object> of(JsonObject claims) {
    ImmutableMap.Builder<String, Object> map = ImmutableMap.builder();
    claims.asMap().forEach((name, value) -> map.put(name, value(value)));
    return map.build();
  }

  private static Object value(JsonElement json) {
    if (json instanceof JsonObject object) {
      return of(object);
    } else if (json instanceof JsonArray array) {
      return StreamSupport.stream(array.spliterator(), false)
          .map(ClaimMap::value)
          .collect(toUnmodifiableList());
    }
    JsonPrimitive value = json.getAsJsonPrimitive();
    if (value.isString()) {
      return value.getAsString();
    }
    return value.isBoolean() ? value.getAsBoolean() : number(value.getAsBigDecimal());
  }

  private static Object number(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      return number;
    }
  }
}
