package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.model.AccessBoundaryRule.AvailabilityCondition;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessBoundaryRuleTest {
  private static final String BUCKET = "//storage.googleapis.com/projects/_/buckets/reports";
  private static final String VIEWER = "roles/storage.objectViewer";

  @Test
  void onBucket_roles_areGooglesNames() {
    assertThat(AccessBoundaryRule.onBucket("reports", VIEWER, "roles/storage.objectCreator"))
        .isEqualTo(
            new AccessBoundaryRule(
                BUCKET,
                List.of("inRole:" + VIEWER, "inRole:roles/storage.objectCreator"),
                Optional.empty()));
  }

  @Test
  void onlyIf_expression_isTheCondition() {
    AccessBoundaryRule rule = AccessBoundaryRule.onBucket("reports", VIEWER);
    String expression = "resource.name.startsWith('projects/_/buckets/reports/objects/a')";

    assertThat(rule.onlyIf(expression).availabilityCondition())
        .contains(new AvailabilityCondition("", "", expression));
    assertThat(rule.onlyIf(new AvailabilityCondition("a", "b", expression)).toString())
        .endsWith("[title=a, description=b, expression=" + expression + "]]]");
    assertThat(rule.availabilityCondition()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.github.shortlived.model.BoundaryExamples#roles")
  void new_role_accepted(String permission) {
    assertThat(new AccessBoundaryRule(BUCKET, List.of(permission), Optional.empty()))
        .hasToString(
            "AccessBoundaryRule[availableResource=%s, availablePermissions=[%s],"
                    .formatted(BUCKET, permission)
                + " availabilityCondition=Optional.empty]");
  }

  @ParameterizedTest
  @MethodSource("io.github.shortlived.model.BoundaryExamples#otherPermissions")
  void new_otherPermission_refused(String permission) {
    assertThatThrownBy(() -> new AccessBoundaryRule(BUCKET, List.of(permission), Optional.empty()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid available permission '")
        .hasMessageEndingWith(
            "': it must be inRole:roles/ROLE, inRole:projects/PROJECT/roles/ROLE or"
                + " inRole:organizations/NUMBER/roles/ROLE. Name a role, not a single permission.");
  }

  @Test
  void onBucket_noRole_refused() {
    assertThatThrownBy(() -> AccessBoundaryRule.onBucket("reports"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid available permissions 'none': a rule makes at least one role available. Pass a"
                + " role, such as roles/storage.objectViewer.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "Reports", "reports/", "reports/objects/a", "a b c", "-abc"})
  void onBucket_otherName_refused(String bucket) {
    assertThatThrownBy(() -> AccessBoundaryRule.onBucket(bucket, VIEWER))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid available resource '//storage.googleapis.com/projects/_/buckets/%s': it must be"
                + " //storage.googleapis.com/projects/_/buckets/BUCKET, with a name of 3 to 222"
                + " lowercase letters, digits and ._-. Name a Cloud Storage bucket, which is the only"
                + " type of resource with such rules.",
            bucket);
  }

  @ParameterizedTest
  @MethodSource("io.github.shortlived.model.BoundaryExamples#buckets")
  void new_bucket_accepted(String bucket) {
    assertThat(
            new AccessBoundaryRule(bucket, List.of("inRole:" + VIEWER), Optional.empty())
                .availableResource())
        .isEqualTo(bucket);
  }

  @ParameterizedTest
  @MethodSource("io.github.shortlived.model.BoundaryExamples#otherResources")
  void new_otherResource_refused(String resource) {
    assertThatThrownBy(
            () -> new AccessBoundaryRule(resource, List.of("inRole:" + VIEWER), Optional.empty()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid available resource '");
  }

  @Test
  void condition_loneSurrogate_refused() {
    for (String[] texts :
        new String[][] {{"\ud800", "", "true"}, {"", "\udc00", "true"}, {"", "", "'\ud800'"}}) {
      assertThatThrownBy(
              () -> new AccessBoundaryRule.AvailabilityCondition(texts[0], texts[1], texts[2]))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("it has a UTF-16 surrogate without its pair");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "f(", "'a", "a)"})
  void onlyIf_noWholeExpression_refused(String expression) {
    assertThatThrownBy(() -> AccessBoundaryRule.onBucket("reports", VIEWER).onlyIf(expression))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid expression '%s': it must be a CEL expression that closes its brackets and"
                + " quotes. Write, for example,"
                + " resource.name.startsWith('projects/_/buckets/BUCKET/objects/A').",
            expression);
  }
}
