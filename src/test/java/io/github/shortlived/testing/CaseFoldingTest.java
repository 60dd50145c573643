package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.name;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Emails and domains ignore the case of ASCII letters, and of no others. */
class CaseFoldingTest {
  @ParameterizedTest
  @CsvSource({
    "user:Sam@Example.com, user:sam@example.com",
    "user:sam@example.com, user:SAM@EXAMPLE.COM",
    "domain:Example.COM, user:sam@example.com",
    "group:Team@Example.com, user:sam@example.com",
    "serviceAccount:SA-1@demo-project.iam.gserviceaccount.com,"
        + " serviceAccount:sa-1@demo-project.iam.gserviceaccount.com"
  })
  void binding_inAnotherCase_applies(String bound, String caller) {
    assertThat(status(bound, caller)).isEqualTo(200);
  }

  // Upper or lower case of the JDK turns each of these letters into an ASCII letter.
  @ParameterizedTest
  @CsvSource({
    "user:\u017fam@example.com, user:sam@example.com",
    "user:sam@example.com, user:\u017fam@example.com",
    "user:s\u0131m@example.com, user:sim@example.com",
    "user:\u0130m@example.com, user:im@example.com",
    "user:\u212aim@example.com, user:kim@example.com",
    "domain:\u017fhop.com, user:sam@shop.com",
    "domain:shop.com, user:sam@\u017fhop.com",
    "group:\u017feam@example.com, user:sam@example.com"
  })
  void binding_withAnotherLetter_doesNotApply(String bound, String caller) {
    assertThat(status(bound, caller)).isEqualTo(403);
  }

  /** Members that are no declared account would be refused, if they were taken for one. */
  @ParameterizedTest
  @ValueSource(strings = {"\u017fa-1", "gho\u017ft", "\u212a"})
  void serviceAccount_withAnotherLetter_isNoMember(String accountId) {
    String member = "serviceAccount:" + accountId + "@demo-project.iam.gserviceaccount.com";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Demo.world().binding(SA2, TOKEN_CREATOR, member))
        .withMessageContaining("is not a policy member");
  }

  @Test
  void deletedAccount_boundInAnotherCase_isMarkedInThePolicy() {
    String bound = "serviceAccount:SA-1@demo-project.iam.gserviceaccount.com";
    try (IamEmulator emulator = Demo.world().binding(SA2, TOKEN_CREATOR, bound).start()) {
      Wire admin = Wire.as(emulator, ADMIN);
      assertThat(
              admin
                  .send("DELETE", "/v1/" + name(SA1), BodyPublishers.noBody(), "text/plain")
                  .statusCode())
          .isEqualTo(200);
      assertThat(admin.post("/v1/" + name(SA2) + ":getIamPolicy", "").body())
          .contains("\"deleted:serviceAccount:" + SA1);
    }
  }

  private static int status(String bound, String caller) {
    try (IamEmulator emulator =
        Demo.world()
            .group("team@example.com", "user:sam@example.com")
            .group("seam@example.com", "user:sam@example.com")
            .binding(SA2, TOKEN_CREATOR, bound)
            .start()) {
      return tokenStatus(emulator, caller, SA2);
    }
  }
}
