package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.model.CredentialException.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectIdsTest {
  @Test
  void checkIdOrNumber_notAProject_refused() {
    assertThatThrownBy(() -> ProjectIds.checkIdOrNumber("projects/p"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid project 'projects/p': it must be a project ID or a project number. Find it with:"
                + " gcloud projects list.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com:p-1", "123456789012", "my-project"})
  void checkIdOrNumber_aProject_isReturned(String project) {
    assertThat(ProjectIds.checkIdOrNumber(project)).isEqualTo(project);
  }

  @ParameterizedTest
  @ValueSource(strings = {"projects/p", "123456789012", "My-Project", "-", "p-", ""})
  void checkId_notAnId_refused(String project) {
    assertThatThrownBy(() -> ProjectIds.checkId(project))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid project '"
                + project
                + "': it must be a project ID, such as my-project, and not a number. Find it with:"
                + " gcloud projects list.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com:p-1", "my-project"})
  void checkId_anId_isReturned(String project) {
    assertThat(ProjectIds.checkId(project)).isEqualTo(project);
  }
}
