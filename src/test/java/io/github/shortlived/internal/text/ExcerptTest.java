package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExcerptTest {
  @ParameterizedTest
  @CsvSource({
    "'<h1>\n\tNo</h1>\r\n', <h1> No</h1>",
    "'a\u001b[2Jb', a [2Jb",
    "'a\u202eb\u200bc\u2028d', a b c d",
    "'token ya29.hidden here', token [redacted] here",
    "'', ''",
    "' \n ', ''"
  })
  void of_text_isOneSafeLine(String text, String line) {
    assertThat(Excerpt.of(text)).isEqualTo(line);
  }

  @Test
  void of_textOfTheLongest_isWhole() {
    assertThat(Excerpt.of("x".repeat(200))).isEqualTo("x".repeat(200));
  }

  @Test
  void of_longerText_isCutAndSaysSo() {
    assertThat(Excerpt.of("x".repeat(201))).isEqualTo("x".repeat(199) + "…");
  }

  @Test
  void of_cutAmidACharacter_leavesItOut() {
    assertThat(Excerpt.of("x".repeat(198) + "😀".repeat(2))).isEqualTo("x".repeat(198) + "…");
  }

  @Test
  void of_secretWhereItIsCut_isRedactedFirst() {
    assertThat(Excerpt.of("x".repeat(190) + " ya29.hidden" + "y".repeat(10_000)))
        .doesNotContain("ya29")
        .hasSizeLessThanOrEqualTo(200);
  }
}
