package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountEmailsTest {
  @ParameterizedTest
  @CsvSource({"my-project, a@my-project", "example.com:p, a@p.example.com"})
  void of_project_isTheAddressThatContainsIt(String projectId, String expected) {
    String email = ServiceAccountEmails.of(projectId, "a");
    assertThat(email).isEqualTo(expected + ".iam.gserviceaccount.com");
    assertThat(ServiceAccountEmails.projectId(email)).contains(projectId);
  }

  @ParameterizedTest
  @CsvSource({
    "A@p.IAM.gserviceaccount.com, p",
    "1-compute@developer.gserviceaccount.com,",
    "p@appspot.gserviceaccount.com,",
    "me@p.iam.gserviceaccount.com.example.com,",
    "a@iam.gserviceaccount.com,",
    "103456789012345678901,"
  })
  void projectId_otherAddress_isEmptyUnlessItContainsOne(String email, @Nullable String expected) {
    assertThat(ServiceAccountEmails.projectId(email).orElse(null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@p.iam.gserviceaccount.com",
        "A@p.iam.GServiceAccount.com",
        "1@cloudservices.gserviceaccount.com",
        "a@gserviceaccount.com"
      })
  void isServiceAccount_addressOfAServiceAccount_true(String email) {
    assertThat(ServiceAccountEmails.isServiceAccount(email)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "me@example.com",
        "p.svc.id.goog",
        "p.iam.gserviceaccount.com",
        "@p.iam.gserviceaccount.com",
        "me@mygserviceaccount.com",
        "me@gserviceaccount.com.example.com"
      })
  void isServiceAccount_other_false(String text) {
    assertThat(ServiceAccountEmails.isServiceAccount(text)).isFalse();
  }

  @Test
  void shorten_addressesInAText_areNameAndProject() {
    assertThat(
            ServiceAccountEmails.shorten(
                "a@p.iam.gserviceaccount.com -> b@q.IAM.gserviceaccount.com"))
        .isEqualTo("a@p -> b@q");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a@", "a@a.", "@"})
  void allReadings_longText_needNoDeepStack(String part) {
    String text = part.repeat(100_000);
    assertThat(ServiceAccountEmails.isServiceAccount(text)).isFalse();
    assertThat(ServiceAccountEmails.projectId(text)).isEmpty();
  }
}
