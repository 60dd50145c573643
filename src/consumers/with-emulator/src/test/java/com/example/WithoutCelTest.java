package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.junit.CallingAs;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The emulator without Google's evaluator of conditions; run with -Dabsent=dev.cel:cel. */
@Tag("without-cel")
class WithoutCelTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@my-project.iam.gserviceaccount.com");

  @RegisterExtension
  static final IamEmulatorExtension iam =
      IamEmulatorExtension.create(
          world ->
              world
                  .serviceAccount(TARGET.id())
                  .projectBinding("my-project", "roles/owner", "user:admin@example.com"));

  @Test
  void grant_withExpiry_isRefusedWithTheDependency(
      @CallingAs("user:admin@example.com") ShortLivedCredentials admin) {
    CrossAccountGrant grant =
        CrossAccountGrant.tokenCreator(Member.of("user:me@example.com"))
            .on(TARGET)
            .expiringIn(Duration.ofHours(1));
    try (Grants grants = Grants.using(admin)) {
      InvalidRequest refusal = assertThrows(InvalidRequest.class, () -> grants.plan(grant).apply());
      assertEquals(
          "Editing the policy of target@my-project.iam.gserviceaccount.com failed: IAM Conditions"
              + " and attribute mappings need Google's evaluator on the class path, which is"
              + " optional: add dev.cel:cel:0.11.1 to the tests' dependencies."
              + " (FAILED_PRECONDITION) See https://shortlived.github.io/short-lived-credentials/"
              + "troubleshooting.html#precondition-failed.",
          refusal.getMessage());
    }
  }
}
