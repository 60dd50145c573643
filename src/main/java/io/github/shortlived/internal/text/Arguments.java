package io.github.shortlived.internal.text;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;

/** Copies the collections that are arguments of public methods. */
public final class Arguments {
  private Arguments() {}

  /**
   * Returns a copy; throws {@link NullPointerException}, which names the argument, if it or one of
   * its elements is null.
   */
  public static <T> ImmutableList<T> copy(Collection<? extends T> argument, String name) {
    for (T element : Objects.requireNonNull(argument, name)) {
      Objects.requireNonNull(element, () -> "an element of " + name);
    }
    return ImmutableList.copyOf(argument);
  }

  /** Returns a copy, as {@link #copy(Collection, String)}. */
  public static <T> ImmutableList<T> copy(T[] argument, String name) {
    return copy(Arrays.asList(Objects.requireNonNull(argument, name)), name);
  }
}
