package io.github.shortlived.testing.internal.rpc;

import com.google.common.io.BaseEncoding;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** A page of a list in the order of its keys; an empty {@code nextToken} means the last page. */
public record Page<T>(List<T> items, String nextToken) {
  private static final BaseEncoding TOKEN = BaseEncoding.base64Url().omitPadding();

  public static <T> Page<T> of(List<T> all, Function<T, String> key, int size, String token) {
    String after = decode(token);
    List<T> rest = all.stream().filter(item -> key.apply(item).compareTo(after) > 0).toList();
    if (rest.size() <= size) {
      return new Page<>(rest, "");
    }
    List<T> items = rest.subList(0, size);
    return new Page<>(items, encode(key.apply(items.get(size - 1))));
  }

  /** Returns the size of a page: 0 requests the default one, and a larger one is reduced. */
  public static int size(int requested, int byDefault, int largest) {
    if (requested < 0) {
      throw GoogleErrors.invalidArgument();
    }
    return requested == 0 ? byDefault : Math.min(requested, largest);
  }

  private static String encode(String lastKey) {
    return TOKEN.encode(lastKey.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(TOKEN.decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException invalid) {
      throw GoogleErrors.invalidArgument();
    }
  }
}
