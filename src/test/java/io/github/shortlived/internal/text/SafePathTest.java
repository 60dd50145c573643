package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafePathTest {
  @Test
  void of_hiddenCharacters_shownAsEscapes() {
    assertThat(SafePath.of("/a\u202Eb/c\u3164.json")).isEqualTo("'/a\\u202eb/c\\u3164.json'");
    assertThat(SafePath.of("/my keys/é.json")).isEqualTo("'/my keys/é.json'");
  }
}
