package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "user:me@example.com",
        "serviceAccount:a@p.iam.gserviceaccount.com",
        "serviceAccount:p.svc.id.goog[namespace/account]",
        "group:admins@example.com",
        "domain:example.com",
        "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/me",
        "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*"
      })
  void of_everyDocumentedKind_keepsIt(String id) {
    assertThat(Member.of(id)).hasToString(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me@example.com",
        "user:me",
        "user:me@example.com ",
        "user:a@example.com,user:b@example.com",
        "domain:me@example.com/x",
        "deleted:user:me@example.com?uid=1",
        "robot:me@example.com",
        ""
      })
  void of_anythingElse_refused(String id) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '"
                + id
                + "': it is user:EMAIL, serviceAccount:EMAIL, group:EMAIL, domain:DOMAIN,"
                + " principal://… or principalSet://…, without blanks or invisible"
                + " characters. Put the kind in front,"
                + " such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "group:\u202eadmins@example.com",
        "domain:exam\u200bple.com",
        "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/\u2028me",
        "serviceAccount:p.svc.id.goog[namespace/account\u0085]"
      })
  void of_whatNobodySees_refusedAndShown(String id) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining("'" + id.replaceAll("[\u202e\u200b\u2028\u0085]", "?") + "'")
        .hasMessageContaining("without blanks or invisible characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user:me@exam\u00a0ple.com", "principal://iam\u2003"})
  void of_blankOfAnyKind_refused(String id) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining("'" + id + "'");
  }

  @Test
  void of_serviceAccountByEmail_namesItsKind() {
    assertThat(Member.of(ServiceAccount.of("a@p.iam.gserviceaccount.com")).id())
        .isEqualTo("serviceAccount:a@p.iam.gserviceaccount.com");
  }

  @Test
  void of_serviceAccountByUniqueId_refused() {
    ServiceAccount account = ServiceAccount.of("103456789012345678901");

    assertThatThrownBy(() -> Member.of(account))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '103456789012345678901': policies know service accounts by email"
                + " address. Name the account by its email address.");
  }

  @Test
  void of_serviceAccountAsAUser_refused() {
    assertThatThrownBy(() -> Member.of("user:a@p.iam.gserviceaccount.com"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member 'user:a@p.iam.gserviceaccount.com': that address belongs to a service"
                + " account. Write serviceAccount: in front of it.");
    assertThatThrownBy(() -> Member.of("group:1-compute@developer.gserviceaccount.com"))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"allUsers", "allAuthenticatedUsers"})
  void of_everyone_refusedForTheNamedCall(String id) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '"
                + id
                + "': it stands for everyone. If that is meant, say it by Member.allUsers() or"
                + " Member.allAuthenticatedUsers().");
  }

  @Test
  void everyone_isANamedCall() {
    assertThat(Member.allUsers()).hasToString("allUsers");
    assertThat(Member.allAuthenticatedUsers()).hasToString("allAuthenticatedUsers");
    assertThat(Member.allUsers().isEveryone()).isTrue();
    assertThat(Member.of("user:me@example.com").isEveryone()).isFalse();
  }

  @Test
  void inPolicy_anyKind_isKeptAndEqualWhenWrittenAlike() {
    String deleted = "deleted:serviceAccount:a@p.iam.gserviceaccount.com?uid=1";

    assertThat(Member.inPolicy(deleted))
        .hasToString(deleted)
        .isEqualTo(Member.inPolicy(deleted))
        .hasSameHashCodeAs(Member.inPolicy(deleted))
        .isNotEqualTo(Member.allUsers());
  }

  @Test
  void of_secretByMistake_isNotRepeated() {
    assertThatThrownBy(() -> Member.of("ya29.c.b0Aaekm1K"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining("'[redacted]'")
        .hasMessageNotContaining("ya29");
  }

  @Test
  void of_anyLength_isReadOnce() {
    String domain = "a.".repeat(100_000);
    assertThat(Member.of("user:x@" + domain + "com").id()).endsWith(domain + "com");
    assertThatThrownBy(() -> Member.of("user:x@" + domain + "com:"))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }
}
