package io.github.shortlived.testing.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The function {@code extract} of conditions. */
class CelExpressionsTest {
  private static final String NAME = "projects/p/serviceAccounts/a@p";

  @ParameterizedTest
  @CsvSource({
    "projects/{project}/, p",
    "/serviceAccounts/{account}, a@p",
    "{project}/serviceAccounts, projects/p",
    "{all}, projects/p/serviceAccounts/a@p",
    "/{segment}/, p",
  })
  void extract_matchingTemplate_returnsThePart(String template, String part) {
    assertThat(CelExpressions.extract(NAME, template)).isEqualTo(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/keys/{key}", "serviceAccounts/{account}/keys"})
  void extract_templateThatDoesNotMatch_isEmpty(String template) {
    assertThat(CelExpressions.extract(NAME, template)).isEmpty();
  }

  @Test
  void extract_withoutExactlyOneVariable_isRefused() {
    for (String bad : new String[] {"", "projects/", "{a}/{b}", "{}"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> CelExpressions.extract(NAME, bad));
    }
  }
}
