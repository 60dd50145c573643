package io.github.shortlived.internal.failure;

import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An exception, its cause, and so on. */
record Causes(List<Throwable> chain) {
  static Causes of(Throwable thrown) {
    return new Causes(Throwables.getCausalChain(thrown));
  }

  Stream<Throwable> stream() {
    return chain.stream();
  }

  <T> Optional<T> first(Class<T> type) {
    return stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  boolean contain(Class<?> type) {
    return first(type).isPresent();
  }

  /** Returns the first match in a message. */
  Optional<MatchResult> find(Pattern pattern) {
    return stream()
        .map(link -> pattern.matcher(Strings.nullToEmpty(link.getMessage())))
        .filter(Matcher::find)
        .map(Matcher::toMatchResult)
        .findFirst();
  }
}
