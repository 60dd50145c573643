package io.github.shortlived.testing.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What conditions cut out of a resource's name. */
class ExtractFunctionTest {
  private static final String NAME = "projects/p/serviceAccounts/a@p";

  @ParameterizedTest
  @CsvSource({
    "projects/{project}/, p",
    "/serviceAccounts/{account}, a@p",
    "{project}/serviceAccounts, projects/p",
    "{all}, projects/p/serviceAccounts/a@p",
    "/{segment}/, p",
  })
  void extract_fittingTemplate_isWhatStandsThere(String template, String part) {
    assertThat(ExtractFunction.extract(NAME, template)).isEqualTo(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/keys/{key}", "serviceAccounts/{account}/keys"})
  void extract_templateThatDoesNotFit_isEmpty(String template) {
    assertThat(ExtractFunction.extract(NAME, template)).isEmpty();
  }

  @Test
  void extract_withoutExactlyOneVariable_isRefused() {
    for (String bad : new String[] {"", "projects/", "{a}/{b}", "{}"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> ExtractFunction.extract(NAME, bad));
    }
  }
}
