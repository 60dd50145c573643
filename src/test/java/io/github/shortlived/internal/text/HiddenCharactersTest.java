package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenCharactersTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00, 0x0A, 0x1B, 0x7F, 0x9B, 0xAD, 0xA0, 0x034F, 0x061C, 0x115F, 0x1160, 0x1680, 0x17B4,
        0x17B5, 0x180B, 0x180E, 0x180F, 0x2000, 0x200B, 0x200D, 0x200F, 0x2028, 0x2029, 0x202A,
        0x0600, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD, 0x13430, 0x13439, 0x1343F,
        0x202E, 0x202F, 0x2060, 0x2065, 0x2066, 0x2069, 0x2800, 0x3000, 0x3164, 0xD800, 0xFE00,
        0xFE0F, 0xFEFF, 0xFFA0, 0xFFF8, 0xFFF9, 0x13441, 0x16FE4, 0x1BCA0, 0x1D159, 0x1D173,
        0xE0001, 0xE0041, 0xE0100, 0xE0FFF
      })
  void hasHidden_characterWithoutAGlyph_true(int character) {
    assertThat(SafeText.hasHidden("a" + Character.toString(character) + "b")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "~!@#", "é", "e\u0301", "Ж漢字", "한글", "👍", "\u2801", "\ufffd"})
  void hasHidden_visibleText_false(String text) {
    assertThat(SafeText.hasHidden(text)).isFalse();
  }

  @Test
  void tables_haveTheTotalsOfTheUnicodeFiles() {
    assertThat(count("[" + HiddenCharacters.DEFAULT_IGNORABLE + "]")).isEqualTo(4_174);
    assertThat(
            count("[" + HiddenCharacters.DEFAULT_IGNORABLE + HiddenCharacters.OTHER_FORMAT + "]"))
        .isEqualTo(4_206);
  }

  /** The Unicode version of Java decides nothing: only stable categories are left to it. */
  @Test
  void any_formatCharactersOfThisJava_areInTheTables() {
    assertThat(
            count(
                "[\\p{Cf}&&[^"
                    + HiddenCharacters.DEFAULT_IGNORABLE
                    + HiddenCharacters.OTHER_FORMAT
                    + "]]"))
        .isZero();
    assertThat(HiddenCharacters.ANY).doesNotContain("Cf");
  }

  private static long count(String characters) {
    Pattern pattern = Pattern.compile(characters);
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(character -> pattern.matcher(Character.toString(character)).matches())
        .count();
  }
}
