package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberTest {
  private static final String POOL = "iam.googleapis.com/locations/global/workforcePools/p";

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
  void of_everyDocumentedType_accepted(String id) {
    assertThat(Member.of(id)).hasToString(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "me@example.com|put the type in front, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com",
        "deleted:user:me@example.com?uid=1|a deleted principal gets no grant: name one that exists, such as user:me@example.com",
        "User:me@example.com|write the type as user:",
        "GROUP:us@example.com|write the type as group:",
        "serviceaccount:a@p.iam.gserviceaccount.com|write the type as serviceAccount:",
        "Domain:example.com|write the type as domain:",
        "projectOwner:p|such members are for Cloud Storage only: name the users or groups themselves",
        "projecteditor:p|such members are for Cloud Storage only: name the users or groups themselves",
        "projectViewer:p|such members are for Cloud Storage only: name the users or groups themselves",
        "robot:me@example.com|put the type in front, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com",
        "''|put the type in front, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com",
        "MEMBER|put a member in place of this placeholder, such as user:me@example.com",
        "user:EMAIL|put a member in place of this placeholder, such as user:me@example.com",
        "group:<group-email>|put a member in place of this placeholder, such as user:me@example.com",
        "user:me|write only the email address after the type, such as NAME@example.com",
        "'user:me@example.com '|write only the email address after the type, such as NAME@example.com",
        "user:a@example.com,user:b@example.com|write only the email address after the type, such as NAME@example.com",
        "group:<a@example.com>|write only the email address after the type, such as NAME@example.com",
        "domain:me@example.com/x|write only the domain after the type, such as example.com",
        "serviceAccount:projects/p/serviceAccounts/a@p.iam.gserviceaccount.com|write"
            + " NAME@PROJECT.iam.gserviceaccount.com after the type, or"
            + " PROJECT.svc.id.goog[NAMESPACE/NAME] for a Kubernetes service account"
      })
  void of_anythingElse_refused(String id, String fix) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '"
                + id
                + "': it must be user:EMAIL, serviceAccount:EMAIL, group:EMAIL, domain:DOMAIN,"
                + " principal://… or principalSet://…, without blanks or invisible"
                + " characters. "
                + Character.toUpperCase(fix.charAt(0))
                + fix.substring(1)
                + ".");
  }

  @ParameterizedTest
  @CsvSource({
    "principal://x, subject/SUBJECT",
    "principalSet://x, 'attribute.NAME/VALUE, group/GROUP or *'"
  })
  void of_otherPrincipal_refusedWithTheUsualForm(String id, String rest) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '%s': it has no form of a principal for allow policies: see https://cloud.google.com/iam/docs/principal-identifiers. Write %siam.googleapis.com/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/POOL/%s.",
            id, id.substring(0, id.length() - 1), rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "group:\u202eadmins@example.com",
        "domain:exam\u200bple.com",
        "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/\u2028me",
        "serviceAccount:p.svc.id.goog[namespace/account\u0085]",
        // Blanks, which look like a space
        "user:me@exam\u00a0ple.com",
        "principal://iam\u2003",
        "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/a\u00a0b",
        // Letters, marks and symbols without ink
        "user:me@example\u3164.com",
        "user:me\u115f@example.com",
        "user:me\u1160@example.com",
        "user:me\uffa0@example.com",
        "user:me\u2800@example.com",
        "user:me\u034f@example.com",
        "group:me\ufe0f@example.com",
        "group:me\u180b@example.com",
        "group:me\u17b4@example.com",
        "domain:example\udb40\udc41.com",
        "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/me\u3164"
      })
  void of_hiddenCharacter_refusedAndShown(String id) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '%s': a member is written without blanks or invisible characters, shown here as ?. Type it instead of pasting it.",
            id.replaceAll("[^ -~]", "?"));
  }

  @Test
  void of_principalSetInAnotherCase_refusedWithTheType() {
    assertThatThrownBy(() -> Member.of("principalset://" + POOL + "/*"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageEndingWith(". Write the type as principalSet:.");
  }

  @Test
  void of_serviceAccountByEmail_addsType() {
    assertThat(Member.of(ServiceAccount.of("a@p.iam.gserviceaccount.com")).id())
        .isEqualTo("serviceAccount:a@p.iam.gserviceaccount.com");
  }

  @Test
  void of_serviceAccountByUniqueId_refused() {
    ServiceAccount account = ServiceAccount.of("103456789012345678901");

    assertThatThrownBy(() -> Member.of(account))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '103456789012345678901': policies name service accounts by email"
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
  @ValueSource(
      strings = {
        "allUsers",
        "allAuthenticatedUsers",
        "allusers",
        "ALLUSERS",
        "allauthenticatedusers"
      })
  void of_everyone_refused(String id) {
    assertThatThrownBy(() -> Member.of(id))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '"
                + id
                + "': it stands for everyone. To grant to everyone, use Member.allUsers() or"
                + " Member.allAuthenticatedUsers().");
  }

  @Test
  void everyone_hasFactoryMethods() {
    assertThat(Member.allUsers()).hasToString("allUsers");
    assertThat(Member.allAuthenticatedUsers()).hasToString("allAuthenticatedUsers");
    assertThat(Member.allUsers().isEveryone()).isTrue();
    assertThat(Member.of("user:me@example.com").isEveryone()).isFalse();
  }

  @Test
  void inPolicy_anyType_acceptedAndEqualIfTheTextIsEqual() {
    String deleted = "deleted:serviceAccount:a@p.iam.gserviceaccount.com?uid=1";

    assertThat(Member.inPolicy(deleted))
        .hasToString(deleted)
        .isEqualTo(Member.inPolicy(deleted))
        .hasSameHashCodeAs(Member.inPolicy(deleted))
        .isNotEqualTo(Member.allUsers());
  }

  @ParameterizedTest
  @CsvSource({
    "user:ME@Example.com, user:me@example.com",
    "serviceAccount:A@p.iam.gserviceaccount.com, serviceaccount:a@p.iam.gserviceaccount.com",
    "domain:Example.com, domain:example.com",
    "deleted:user:Me@x.com?uid=1, deleted:user:me@x.com?uid=1",
    "principal://x/S, principal://x/S"
  })
  void isSameAs_sameInOtherCase_true(String one, String other) {
    Member member = Member.inPolicy(one);

    assertThat(member.isSameAs(Member.inPolicy(other))).isTrue();
    assertThat(member.normalizedId()).isEqualTo(Member.inPolicy(other).normalizedId());
  }

  @ParameterizedTest
  @CsvSource({
    "principal://x/S, principal://x/s",
    "principalSet://x/S, principalSet://x/s",
    "deleted:principal://x/S?uid=1, deleted:principal://x/s?uid=1",
    "user:me@example.com, group:me@example.com",
    "user:me@example.com, deleted:user:me@example.com?uid=1",
    // Only ASCII letters have case: in Turkish, for example, I is no capital i.
    "user:İ@x.com, user:i̇@x.com"
  })
  void isSameAs_otherMember_false(String one, String other) {
    assertThat(Member.inPolicy(one).isSameAs(Member.inPolicy(other))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "group:g@example.com, true, true",
    "principalSet://x/*, true, true",
    "domain:example.com, false, true",
    "allUsers, false, true",
    "allAuthenticatedUsers, false, true",
    "user:me@example.com, false, false",
    "principal://x/s, false, false",
    "deleted:group:g@example.com?uid=1, false, false"
  })
  void isGroup_standsForMany_byType(String id, boolean group, boolean many) {
    assertThat(Member.inPolicy(id).isGroup()).isEqualTo(group);
    assertThat(Member.inPolicy(id).standsForMany()).isEqualTo(many);
  }

  @Test
  void isDeleted_onlyWithPrefix_true() {
    assertThat(Member.inPolicy("deleted:user:me@example.com?uid=1").isDeleted()).isTrue();
    assertThat(Member.inPolicy("deleted:user:me@example.com?uid=1").beforeDeletion())
        .isEqualTo(Member.of("user:me@example.com"));
    assertThat(Member.inPolicy("deleted:group:g@x.com?uid=a?uid=1").beforeDeletion().id())
        .isEqualTo("group:g@x.com?uid=a");
    assertThat(Member.inPolicy("deleted:principal://x/S").beforeDeletion().id())
        .isEqualTo("principal://x/S");
    assertThat(Member.of("user:me@example.com").beforeDeletion())
        .isEqualTo(Member.of("user:me@example.com"));
    assertThat(Member.of("user:deleted@example.com").isDeleted()).isFalse();
  }

  @Test
  void of_secretByMistake_redacted() {
    assertThatThrownBy(() -> Member.of("ya29.c.b0Aaekm1K"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining("'[redacted]'")
        .hasMessageNotContaining("ya29");
  }

  @Test
  void of_longIdentifier_takesLinearTime() {
    String domain = "a.".repeat(100_000);
    assertThat(Member.of("user:x@" + domain + "com").id()).endsWith(domain + "com");
    assertThatThrownBy(() -> Member.of("user:x@" + domain + "com:"))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }
}
