package io.github.shortlived.internal.source;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Why a key or another credential file cannot be used. Both texts are fixed, so that they quote
 * nothing of the file.
 *
 * @param problem a predicate whose subject is the file, such as {@code is empty}
 * @param fix a sentence without its full stop
 */
record CredentialFault(String problem, String fix) {
  static final String COPY = "Copy it again from the place where it is stored";

  /** Returns the fault of the first rule in the table that applies to the value. */
  static <T> Optional<CredentialFault> first(List<Rule<T>> table, T value) {
    return table.stream().filter(rule -> rule.applies().test(value)).findFirst().map(Rule::fault);
  }

  /** A row of a table of faults. */
  record Rule<T>(Predicate<T> applies, CredentialFault fault) {
    static <T> Rule<T> of(Predicate<T> applies, String problem, String fix) {
      return new Rule<>(applies, new CredentialFault(problem, fix));
    }

    /** Creates a rule for texts in which this expression occurs. */
    static Rule<String> find(String regex, String problem, String fix) {
      return of(Pattern.compile(regex).asPredicate(), problem, fix);
    }
  }
}
