package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemberFormsTest {
  @ParameterizedTest
  @MethodSource("io.github.shortlived.model.MemberExamples#documented")
  void of_documentedForm_accepted(String id) {
    assertThat(Member.of(id)).hasToString(id);
  }

  @ParameterizedTest
  @MethodSource("io.github.shortlived.model.MemberExamples#meaningless")
  void of_whatMeansNothing_refused(String id) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid member '");
  }
}
