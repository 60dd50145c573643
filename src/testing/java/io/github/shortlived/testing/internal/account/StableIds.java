package io.github.shortlived.testing.internal.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ascii;
import com.google.common.hash.Hashing;
import java.util.Locale;

/** Derives numeric ids from names: they have Google's length, and are equal in all emulators. */
public final class StableIds {
  private StableIds() {}

  public static String projectNumber(String projectId) {
    return String.format(Locale.ROOT, "%d", 100_000_000_000L + below(900_000_000_000L, projectId));
  }

  /** Returns the {@code sub} of a user, which has 21 digits. */
  public static String userId(String email) {
    return String.format(Locale.ROOT, "11%019d", below(Long.MAX_VALUE, Ascii.toLowerCase(email)));
  }

  public static long instanceId(VmInstance vm) {
    return below(Long.MAX_VALUE, vm.toString());
  }

  private static long below(long bound, String name) {
    return Long.remainderUnsigned(Hashing.sha256().hashString(name, UTF_8).asLong(), bound);
  }
}
