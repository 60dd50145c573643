package io.github.shortlived.internal.text;

import com.google.common.collect.ImmutableList;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Checks the arguments of public methods for null. The exception names the argument. */
public final class Arguments {
  private Arguments() {}

  /** Returns the argument; throws {@link NullPointerException} if it is null. */
  public static <T> T nonNull(T argument, String name) {
    require(argument, name, "");
    return argument;
  }

  /** Returns a copy; throws {@link NullPointerException} if it, or one of its elements, is null. */
  public static <T> ImmutableList<T> copy(Collection<? extends T> argument, String name) {
    for (T element : nonNull(argument, name)) {
      require(element, name, "an element of ");
    }
    return ImmutableList.copyOf(argument);
  }

  /** Returns a copy; throws {@link NullPointerException} if it, or one of its elements, is null. */
  public static <T> ImmutableList<T> copy(T[] argument, String name) {
    nonNull(argument, name);
    for (T element : argument) {
      require(element, name, "an element of ");
    }
    return ImmutableList.copyOf(argument);
  }

  private static void require(@Nullable Object value, String name, String part) {
    if (value == null) {
      throw new NullPointerException(
          "Invalid arguments: %s'%s' is null. Pass a value.".formatted(part, name));
    }
  }
}
