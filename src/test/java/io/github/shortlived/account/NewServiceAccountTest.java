package io.github.shortlived.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.ServiceAccount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewServiceAccountTest {
  private static final NewServiceAccount DEPLOYER = NewServiceAccount.of("my-project", "deployer");

  @ParameterizedTest
  @ValueSource(strings = {"abcde1", "my-deployer", "a23456789012345678901234567890"})
  void of_allowedId_isPartOfTheEmailAddress(String accountId) {
    assertThat(NewServiceAccount.of("my-project", accountId).account().id())
        .isEqualTo(accountId + "@my-project.iam.gserviceaccount.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abcde",
        "a234567890123456789012345678901",
        "Deployer",
        "1deployer",
        "deployer-",
        "my_sa_1"
      })
  void of_idOfAnotherForm_isRefusedWithValueRuleAndFix(String accountId) {
    assertThatThrownBy(() -> NewServiceAccount.of("my-project", accountId))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid account ID '"
                + accountId
                + "': it must have 6 to 30 lowercase letters, digits and hyphens, begin with a letter"
                + " and not end with a hyphen. Choose another one, such as my-deployer.");
  }

  @Test
  void of_emailAddressAsId_saysWhichPartToPass() {
    assertThatThrownBy(
            () -> NewServiceAccount.of("my-project", "deployer@my-project.iam.gserviceaccount.com"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageEndingWith("Pass only the part before the @.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "projects/my-project", "123456789012", "My-Project"})
  void of_projectOfAnotherForm_isRefused(String projectId) {
    assertThatThrownBy(() -> NewServiceAccount.of(projectId, "deployer"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid project '" + projectId + "': it must be a project ID");
  }

  @Test
  void account_projectOfADomain_hasTheDomainLast() {
    assertThat(NewServiceAccount.of("example.com:shop", "deployer").account().id())
        .isEqualTo("deployer@shop.example.com.iam.gserviceaccount.com");
  }

  @Test
  void withDisplayName_hundredBytes_isAllowed() {
    NewServiceAccount named =
        DEPLOYER.withDescription("d".repeat(256)).withDisplayName("é".repeat(50));
    assertThat(named.displayName()).hasSize(50);
    assertThat(named.description()).hasSize(256);
    assertThat(named.account()).isEqualTo(DEPLOYER.account());
  }

  @Test
  void withDisplayName_moreThanAHundredBytes_isRefused() {
    assertThatThrownBy(() -> DEPLOYER.withDisplayName("é".repeat(51)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid display name 'éé")
        .hasMessageEndingWith(
            "': it must have at most 100 bytes in UTF-8, but has 102. Shorten it.");
  }

  @Test
  void withDisplayName_loneSurrogate_isRefused() {
    assertThatThrownBy(() -> DEPLOYER.withDisplayName("a\ud800"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid display name 'a?': it has a UTF-16 surrogate without its pair, shown here as ?."
                + " Correct the program that creates the text.");
  }

  @Test
  void withDescription_moreThan256Bytes_isRefused() {
    assertThatThrownBy(() -> DEPLOYER.withDescription("d".repeat(257)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it must have at most 256 bytes in UTF-8, but has 257");
  }

  @ParameterizedTest
  @CsvSource({
    "a@p.iam.gserviceaccount.com, projects/p/serviceAccounts/a@p.iam.gserviceaccount.com",
    "a@shop.example.com.iam.gserviceaccount.com,"
        + " projects/example.com:shop/serviceAccounts/a@shop.example.com.iam.gserviceaccount.com",
    "p@appspot.gserviceaccount.com, projects/-/serviceAccounts/p@appspot.gserviceaccount.com",
    "103456789012345678901, projects/-/serviceAccounts/103456789012345678901",
  })
  void resource_ofAnAccount_hasTheProjectOfItsEmailAddress(String id, String resource) {
    assertThat(AccountNames.resource(ServiceAccount.of(id))).isEqualTo(resource);
  }
}
