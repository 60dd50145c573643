package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTest {
  private static final String RULE =
      "it must be an email address (NAME@PROJECT.iam.gserviceaccount.com), its numeric unique "
          + "ID, or projects/-/serviceAccounts/EMAIL_OR_UNIQUE_ID. ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deployer@prod.iam.gserviceaccount.com",
        "deployer@prod.example.com.iam.gserviceaccount.com",
        "123456-compute@developer.gserviceaccount.com",
        "prod@appspot.gserviceaccount.com",
        "service-1@gcp-sa-x.iam.gserviceaccount.com",
        "103456789012345678901"
      })
  void of_everyKindOfName_keepsIt(String name) {
    assertThat(ServiceAccount.of(name).id()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "projects/-/serviceAccounts/a@p.iam.gserviceaccount.com, a@p.iam.gserviceaccount.com",
    "projects/p/serviceAccounts/103456789012345678901, 103456789012345678901",
    "projects/example.com:p/serviceAccounts/a@p.iam.gserviceaccount.com,"
        + " a@p.iam.gserviceaccount.com"
  })
  void of_resourceName_keepsTheAccount(String resourceName, String id) {
    assertThat(ServiceAccount.of(resourceName)).isEqualTo(new ServiceAccount(id));
  }

  @Test
  void resourceName_email_hasAnyProject() {
    assertThat(ServiceAccount.of("a@p.iam.gserviceaccount.com").resourceName())
        .isEqualTo("projects/-/serviceAccounts/a@p.iam.gserviceaccount.com");
  }

  @Test
  void isEmail_email_true() {
    assertThat(ServiceAccount.of("a@p.iam.gserviceaccount.com").isEmail()).isTrue();
  }

  @Test
  void isEmail_uniqueId_false() {
    assertThat(ServiceAccount.of("103456789012345678901").isEmail()).isFalse();
  }

  @Test
  void toString_email_isTheEmail() {
    assertThat(ServiceAccount.of("a@p.iam.gserviceaccount.com"))
        .hasToString("a@p.iam.gserviceaccount.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serviceAccount:a@p.iam.gserviceaccount.com|That is a policy member: leave out"
            + " 'serviceAccount:'.",
        "A@p.iam.gserviceaccount.com|Write it in lower case, without spaces.",
        "' a@p.iam.gserviceaccount.com'|Write it in lower case, without spaces.",
        "me@example.com|Use the address of a service account: only service accounts can be "
            + "impersonated.",
        "a@evilgserviceaccount.com|Use the address of a service account: only service accounts can "
            + "be impersonated.",
        "deployer|Find it with: gcloud iam service-accounts list.",
        "12345|Find it with: gcloud iam service-accounts list.",
        "''|Find it with: gcloud iam service-accounts list.",
        "EMAIL|That is a placeholder: put the email address of your service account there.",
        "SERVICE_ACCOUNT|That is a placeholder: put the email address of your service account there.",
        "NAME@PROJECT.iam.gserviceaccount.com|That is a placeholder: put the email address of your"
            + " service account there.",
        "<email>|That is a placeholder: put the email address of your service account there.",
        "${SA_EMAIL}|That is a placeholder: put the email address of your service account there.",
        "[EMAIL]|That is a placeholder: put the email address of your service account there."
      })
  void of_noServiceAccount_namesValueRuleAndFix(String name, String fix) {
    assertThatThrownBy(() -> ServiceAccount.of(name))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage("Invalid service account '" + name + "': " + RULE + fix);
  }

  @Test
  void of_resourceNameWithoutAccount_namesTheAccountPart() {
    assertThatThrownBy(() -> ServiceAccount.of("projects/-/serviceAccounts/nobody"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid service account 'nobody': ");
  }

  @Test
  void of_nameWithLineBreaks_messageIsOneLine() {
    assertThatThrownBy(() -> ServiceAccount.of("a@p.iam.gserviceaccount.com\r\nforged: log line"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith(
            "Invalid service account 'a@p.iam.gserviceaccount.com??forged: log line': ");
  }

  @Test
  void of_longName_isTruncatedInTheMessage() {
    assertThatThrownBy(() -> ServiceAccount.of("x".repeat(5000)))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid service account '" + "x".repeat(100) + "…': ");
  }

  @Test
  void of_longTextWithInvisibleCharacters_isShownInOneShortLine() {
    assertThatThrownBy(() -> ServiceAccount.of("a\u202e\u2028" + "\ud83d\udd11".repeat(98)))
        .hasMessageStartingWith(
            "Invalid service account 'a??" + "\ud83d\udd11".repeat(97) + "…': it must be");
    assertThatThrownBy(() -> ServiceAccount.of("\ud83d\udd11".repeat(100)))
        .hasMessageStartingWith(
            "Invalid service account '" + "\ud83d\udd11".repeat(100) + "': it must be");
  }

  @Test
  void of_anyLength_needsNoDeepStack() {
    String labels = "a.".repeat(100_000);
    ServiceAccount account = ServiceAccount.of("x@" + labels + "gserviceaccount.com");
    assertThat(account.id()).endsWith(labels + "gserviceaccount.com");
    assertThatThrownBy(() -> ServiceAccount.of("x@" + labels + "gserviceaccount.org"))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }
}
