package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantBindingsTest {
  private static Entry entry(String expression) {
    Condition condition = Condition.of("any title", expression);
    Binding binding = new Binding(TARGET, "roles/any", Member.of(CALLER), Optional.of(condition));
    return new Entry(binding, true, Set.of(), false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request.time < timestamp(\"2030-01-01T00:00:00Z\")",
        "request.time < timestamp('2029-12-31T23:59:59.999Z')",
        " request.time<=timestamp( \"2030-01-01T01:00:00+01:00\" ) ",
      })
  void isExpired_timeLimitInThePast_isTrue(String expression) {
    assertThat(GrantBindings.isExpired(entry(expression), NOW)).isTrue();
    assertThat(GrantBindings.isConditional(entry(expression))).isFalse();
  }

  @Test
  void isExpired_timeLimitInTheFuture_isFalse() {
    Entry future = entry("request.time < timestamp(\"2030-01-01T00:00:01Z\")");
    assertThat(GrantBindings.isExpired(future, NOW)).isFalse();
    assertThat(GrantBindings.isConditional(future)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request.time > timestamp(\"2020-01-01T00:00:00Z\")",
        "request.time < timestamp(\"2020-01-01T00:00:00Z\") || true",
        "request.time < timestamp(\"no time\")",
        "request.time < timestamp(\"2020-13-01T00:00:00Z\")",
        "!(request.time < timestamp(\"2020-01-01T00:00:00Z\"))",
      })
  void isExpired_anyOtherCondition_isConditionalInstead(String expression) {
    assertThat(GrantBindings.isExpired(entry(expression), NOW)).isFalse();
    assertThat(GrantBindings.isConditional(entry(expression))).isTrue();
  }
}
