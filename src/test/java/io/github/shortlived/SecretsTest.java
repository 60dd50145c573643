package io.github.shortlived;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.shortlived.internal.text.Secrets;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Checks that credentials are equal if all parts are, and that secrets are compared in constant
 * time.
 */
class SecretsTest {
  private static final Instant EXPIRY = Instant.EPOCH;

  @Test
  void constantTimeEquals_sameText_true() {
    assertThat(Secrets.constantTimeEquals("sécret", new String("sécret".getBytes(UTF_8), UTF_8)))
        .isTrue();
    assertThat(Secrets.constantTimeEquals("", "")).isTrue();
  }

  @Test
  void constantTimeEquals_otherText_false() {
    assertThat(List.of("", "secreT", "Secret", "secret ", "secre"))
        .noneMatch(other -> Secrets.constantTimeEquals("secret", other));
  }

  @Test
  void equals_credentialsAlike_areEqualWithTheSameHash() {
    assertAlike(new AccessToken("a", EXPIRY), new AccessToken("a", EXPIRY));
    assertAlike(new IdToken("a", EXPIRY), new IdToken("a", EXPIRY));
    assertAlike(new SignedJwt("a", "k", EXPIRY), new SignedJwt("a", "k", EXPIRY));
    assertAlike(blob("a", "k"), blob("a", "k"));
  }

  @Test
  void equals_credentialsThatDifferInOnePart_areNotEqual() {
    Instant later = EXPIRY.plusSeconds(1);
    assertDistinct(
        new AccessToken("a", EXPIRY), new AccessToken("b", EXPIRY), new AccessToken("a", later));
    assertDistinct(new IdToken("a", EXPIRY), new IdToken("b", EXPIRY), new IdToken("a", later));
    assertDistinct(
        new SignedJwt("a", "k", EXPIRY),
        new SignedJwt("b", "k", EXPIRY),
        new SignedJwt("a", "l", EXPIRY),
        new SignedJwt("a", "k", later));
    assertDistinct(blob("a", "k"), blob("b", "k"), blob("a", "l"));
  }

  @Test
  void equals_credentialOfAnotherKind_isNotEqual() {
    assertDistinct(
        new AccessToken("a", EXPIRY),
        new IdToken("a", EXPIRY),
        new SignedJwt("a", "k", EXPIRY),
        blob("a", "k"));
  }

  @Test
  void equals_everyCredentialType_comparesItsSecretInConstantTime() {
    methods()
        .that()
        .haveName("equals")
        .and()
        .areDeclaredInClassesThat()
        .areAssignableTo(ShortLivedCredential.class)
        .should(call(Secrets.class))
        .check(
            new ClassFileImporter()
                .importClasses(ShortLivedCredential.class.getPermittedSubclasses()));
    assertThat(
            new ClassFileImporter()
                .importClasses(Secrets.class).get(Secrets.class).getMethodCallsFromSelf().stream()
                    .map(call -> call.getTarget().getFullName()))
        .anyMatch(target -> target.startsWith(MessageDigest.class.getName() + ".isEqual("));
  }

  private static ArchCondition<JavaMethod> call(Class<?> helper) {
    return new ArchCondition<>("call " + helper.getSimpleName()) {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean calls =
            method.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(helper));
        events.add(new SimpleConditionEvent(method, calls, method.getFullName()));
      }
    };
  }

  private static SignedBlob blob(String signature, String keyId) {
    return new SignedBlob(signature.getBytes(UTF_8), keyId);
  }

  private static void assertAlike(Object one, Object other) {
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
  }

  private static void assertDistinct(Object... all) {
    assertThat(all).doesNotHaveDuplicates().doesNotContainNull();
    assertThat(all[0]).isNotEqualTo(null);
  }
}
