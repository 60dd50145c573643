package io.github.shortlived.internal.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text without the escapes of JSON, URLs and HTML, also those of one format inside another. It
 * knows where each of its characters is in the original.
 */
final class DecodedText {
  private static final int MAX_NESTING = 3;
  private static final Pattern ESCAPE =
      Pattern.compile(
          "%(?:25)*(?<ascii>[0-7][0-9A-Fa-f])"
              + "|(?<utf8>(?:%[89A-Fa-f][0-9A-Fa-f]){2,4}+)"
              + "|\\\\u+(?<utf16>[0-9A-Fa-f]{4})"
              + "|\\\\(?<json>[nrt/\"\\\\])"
              + "|&#0*(?<decimal>[0-9]{1,7}+);"
              + "|&#[Xx]0*(?<hexadecimal>[0-9A-Fa-f]{1,6}+);"
              + "|&(?<name>amp|period|sol|lowbar|plus|NewLine|Tab|nbsp|shy|ZeroWidthSpace);");
  private static final Map<String, String> JSON = Map.of("n", "\n", "r", "\r", "t", "\t");
  private static final Map<String, String> HTML =
      Map.of(
          "amp", "&",
          "period", ".",
          "sol", "/",
          "lowbar", "_",
          "plus", "+",
          "NewLine", "\n",
          "Tab", "\t",
          "nbsp", "\u00a0",
          "shy", "\u00ad",
          "ZeroWidthSpace", "\u200b");

  private final String text;
  private final int[] origins; // Where each character begins in the original, and the end.

  private DecodedText(String text, int[] origins) {
    this.text = text;
    this.origins = origins;
  }

  static DecodedText of(String original) {
    int[] origins = new int[original.length() + 1];
    Arrays.setAll(origins, i -> i);
    DecodedText decoded = new DecodedText(original, origins);
    for (int i = 0; i < MAX_NESTING; i++) {
      decoded = decoded.decode();
    }
    return decoded;
  }

  String text() {
    return text;
  }

  /** Returns where the character at this index of the text begins in the original. */
  int origin(int index) {
    return origins[index];
  }

  private DecodedText decode() {
    Matcher escape = ESCAPE.matcher(text);
    if (!escape.find()) {
      return this;
    }
    StringBuilder decoded = new StringBuilder();
    int[] from = new int[origins.length]; // An escape is longer than what it stands for.
    int end = 0;
    do {
      copy(end, escape.start(), decoded, from);
      String character = character(escape);
      int at = decoded.length();
      Arrays.fill(from, at, at + character.length(), origins[escape.start()]);
      decoded.append(character);
      end = escape.end();
    } while (escape.find());
    copy(end, text.length(), decoded, from);
    from[decoded.length()] = origins[text.length()];
    return new DecodedText(decoded.toString(), from);
  }

  private void copy(int begin, int end, StringBuilder target, int[] from) {
    System.arraycopy(origins, begin, from, target.length(), end - begin);
    target.append(text, begin, end);
  }

  private static String character(Matcher escape) {
    if (escape.group("ascii") != null) {
      return codePoint(escape, "ascii", 16);
    } else if (escape.group("utf8") != null) {
      byte[] bytes = HexFormat.of().parseHex(escape.group("utf8").replace("%", ""));
      return new String(bytes, StandardCharsets.UTF_8);
    } else if (escape.group("utf16") != null) {
      return codePoint(escape, "utf16", 16);
    } else if (escape.group("json") != null) {
      return JSON.getOrDefault(escape.group("json"), escape.group("json"));
    } else if (escape.group("decimal") != null) {
      return codePoint(escape, "decimal", 10);
    } else if (escape.group("hexadecimal") != null) {
      return codePoint(escape, "hexadecimal", 16);
    }
    return HTML.getOrDefault(escape.group("name"), escape.group());
  }

  private static String codePoint(Matcher escape, String group, int radix) {
    int value = Integer.parseInt(escape.group(group), radix);
    return Character.isValidCodePoint(value) ? Character.toString(value) : escape.group();
  }
}
