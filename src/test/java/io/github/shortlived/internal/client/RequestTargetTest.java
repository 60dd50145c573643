package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTargetTest {
  @Test
  void toString_namesOfCredentialsWithHiddenCharacters_inOneLineWithEscapes() {
    assertThat(new RequestTarget("projects/-/serviceAccounts/a\nb", List.of("c\u202Ed", "e")))
        .hasToString("a b via c\\u202ed, e");
  }
}
