package io.github.shortlived.internal.text;

import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Characters that a terminal obeys or a reviewer cannot see: control characters, line separators
 * and those that reorder or join text. What is rendered to be read and pasted spells them out.
 */
public final class HiddenCharacters {
  private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private HiddenCharacters() {}

  /** The text with each hidden character spelled by this function of its code point. */
  public static String spelled(String text, Function<Integer, String> spelling) {
    return HIDDEN
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(spell(found, spelling)));
  }

  private static String spell(MatchResult found, Function<Integer, String> spelling) {
    return spelling.apply(found.group().codePointAt(0));
  }
}
