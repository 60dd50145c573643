package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CelScannerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "(a || b) && c in [1, 2] && {'k': ')'}.k == d",
        "a == \"(\" && b == ')' && c == 'it\\'s )'",
        "a == r\"\\\" && (b == '\\\\')",
        "a == '''it's ) \n''' && b == \"\"\"\"( \\\"\"\"\" && c == r'''\\'''",
        "a // not (\n && b",
        "a == b'(' && c == rb\"\\\"",
      })
  void isWhole_closedExpression_true(String expression) {
    assertThat(CelScanner.isWhole(expression)).isTrue();
    assertThat(CelScanner.isWhole("(" + expression + ")")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a) || (b",
        "true) || (true",
        "(a",
        "a)",
        "a == ')",
        "a == \"(",
        "a // )\n || (b",
        "a == r\"\\\") || (b == \"\\\"",
        "'\\\\') || ('b'",
      })
  void isWhole_unclosedExpression_false(String expression) {
    assertThat(CelScanner.isWhole(expression)).isFalse();
  }

  @Test
  void isWhole_commentAtTheEnd_isTrueUnlessABracketFollows() {
    assertThat(CelScanner.isWhole("a // b")).isTrue();
    assertThat(CelScanner.isWhole("(a // b)")).isFalse();
  }

  @Test
  void isWhole_longestExpression_needsNoDeepStack() {
    assertThat(CelScanner.isWhole("'" + "\\n".repeat(2_000) + "'")).isTrue();
    assertThat(CelScanner.isWhole("'" + "\\n".repeat(2_000))).isFalse();
  }

  @Test
  void code_textsAndComments_areRemoved() {
    assertThat(CelScanner.code("a == '&&' || b // && c\n || d")).isEqualTo("a == 0 || b  \n || d");
  }
}
