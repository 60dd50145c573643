package io.github.shortlived.testing.internal.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list in the order of its keys; an empty {@code nextToken} means the last page. A
 * token is the last key of a page, after a checksum of the key and the list's name.
 */
public record Page<T>(List<T> items, String nextToken) {
  private static final BaseEncoding TOKEN = BaseEncoding.base64Url().omitPadding();
  private static final int CHECKSUM = 8;

  /** Returns the page at a token; empty if no page of the list of this name has the token. */
  public static <T> Optional<Page<T>> find(
      String list, List<T> all, Function<T, String> key, int size, String token) {
    return lastKey(list, token).map(last -> after(last, list, all, key, size));
  }

  private static <T> Page<T> after(
      String last, String list, List<T> all, Function<T, String> key, int size) {
    List<T> rest = all.stream().filter(item -> key.apply(item).compareTo(last) > 0).toList();
    if (rest.size() <= size) {
      return new Page<>(rest, "");
    }
    List<T> items = rest.subList(0, size);
    return new Page<>(items, token(list, key.apply(items.get(size - 1))));
  }

  /** Returns the size of a page: 0 requests the default one, and a larger one is reduced. */
  public static int size(int requested, int byDefault, int largest) {
    if (requested < 0) {
      throw GoogleErrors.invalidArgument();
    }
    return requested == 0 ? byDefault : Math.min(requested, largest);
  }

  private static String token(String list, String lastKey) {
    String checksum = Hashing.sha256().hashString(list + "\n" + lastKey, UTF_8).toString();
    return TOKEN.encode((checksum.substring(0, CHECKSUM) + lastKey).getBytes(UTF_8));
  }

  private static Optional<String> lastKey(String list, String token) {
    return token.isEmpty()
        ? Optional.of("")
        : decoded(token)
            .filter(text -> text.length() > CHECKSUM)
            .map(text -> text.substring(CHECKSUM))
            .filter(key -> token(list, key).equals(token));
  }

  private static Optional<String> decoded(String token) {
    try {
      return Optional.of(new String(TOKEN.decode(token), UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
