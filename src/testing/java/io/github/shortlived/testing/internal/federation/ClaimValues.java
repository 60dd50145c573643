package io.github.shortlived.testing.internal.federation;

import com.google.api.client.util.Data;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts claims for expressions: whole numbers become integers, null values are left out. */
final class ClaimValues {
  private ClaimValues() {}

  static Map<String, Object> of(Map<?, ?> claims) {
    Map<String, Object> values = new LinkedHashMap<>();
    claims.forEach(
        (name, value) -> {
          if (isPresent(value)) {
            values.put(String.valueOf(name), plain(value));
          }
        });
    return values;
  }

  private static boolean isPresent(@Nullable Object value) {
    return value != null && !Data.isNull(value);
  }

  private static Object plain(Object value) {
    if (value instanceof Map<?, ?> map) {
      return of(map);
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.stream().filter(ClaimValues::isPresent).forEach(item -> items.add(plain(item)));
      return items;
    }
    return value instanceof BigDecimal number ? plain(number) : value;
  }

  private static Object plain(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException fractionOrHuge) {
      return number.doubleValue();
    }
  }
}
