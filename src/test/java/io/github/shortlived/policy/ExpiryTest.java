package io.github.shortlived.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.type.Expr;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpiryTest {
  private static final Instant END = Instant.parse("2026-11-22T12:00:00Z");
  private static final String BEFORE = "request.time < timestamp(\"2026-11-22T12:00:00Z\")";
  private static final Condition OWN =
      new Condition("night shift", "22 to 6", "request.time.getHours() >= 22 || a && b");

  @Test
  void at_instant_isAConditionOnTheRequestsTime() {
    assertThat(Expiry.at(END, null))
        .isEqualTo(new Condition("short-lived until 2026-11-22T12:00:00Z", "", BEFORE));
  }

  @Test
  void at_ownCondition_holdsOnlyWhileBothDo() {
    assertThat(Expiry.at(END, OWN))
        .isEqualTo(
            new Condition(
                "short-lived until 2026-11-22T12:00:00Z: night shift",
                "22 to 6",
                BEFORE + " && (request.time.getHours() >= 22 || a && b)"));
  }

  @Test
  void at_fractionOfASecond_endsNoLaterThanAsked() {
    assertThat(Expiry.at(END.plusMillis(999), null)).isEqualTo(Expiry.at(END, null));
  }

  @Test
  void of_ours_isItsEnd() {
    assertThat(Expiry.of(Expiry.at(END, null))).contains(END);
    assertThat(Expiry.of(Expiry.at(END, OWN))).contains(END);
  }

  @Test
  void of_oursWithAnyTitleOfItsOwn_isItsEnd() {
    Condition own = Condition.of("two\nlines: a) || (b", "(a) || (b)");
    assertThat(Expiry.of(Expiry.at(END, own))).contains(END);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "until noon # request.time < timestamp(\"2026-11-22T12:00:00Z\")",
        "short-lived until noon # request.time < timestamp(\"2026-11-22T12:00:00Z\")",
        "short-lived until 2026-11-22T12:00:00Z # request.time < timestamp(\"2027-11-22T12:00:00Z\")",
        "short-lived until 2026-11-22T12:00:00Z # request.time < timestamp(\"2026-11-22T12:00:00Z\") || true",
        "short-lived until 2026-11-22T12:00:00Z # true",
        "short-lived until 2026-11-22T12:00:00Z: a # request.time < timestamp(\"2026-11-22T12:00:00Z\") && (a) || (b)",
        "short-lived until 2026-11-22T12:00:00Z: a # request.time < timestamp(\"2026-11-22T12:00:00Z\") && (a) || true || (b)",
        "short-lived until 2026-11-22T12:00:00Z and on # request.time < timestamp(\"2026-11-22T12:00:00Z\")",
        "short-lived until 2026-13-22T12:00:00Z # request.time < timestamp(\"2026-13-22T12:00:00Z\")",
      })
  void of_anotherTitleOrExpression_isNotOurs(String title, String expression) {
    assertThat(Expiry.of(Condition.of(title, expression))).isEmpty();
  }

  @Test
  void withoutEnd_ours_isTheOwnExpressionInBrackets() {
    assertThat(Expiry.withoutEnd(Expiry.at(END, null))).isEmpty();
    assertThat(Expiry.withoutEnd(Expiry.at(END, OWN))).isEqualTo("(" + OWN.expression() + ")");
    assertThat(Expiry.withoutEnd(OWN)).isEqualTo(OWN.expression());
  }

  @Test
  void toString_condition_saysInOneLineWhenItHolds() {
    assertThat(Expiry.at(END, null)).hasToString("until 2026-11-22T12:00:00Z");
    assertThat(Expiry.at(END, Condition.of("t", "a &&\nb")))
        .hasToString("until 2026-11-22T12:00:00Z, if (a && b)");
    assertThat(Condition.of("t", "a &&\nb")).hasToString("if a && b");
  }

  @Test
  void toExpr_andBack_isTheSame() {
    assertThat(Condition.of(OWN.toExpr())).isEqualTo(OWN);
    assertThat(OWN.toExpr())
        .isEqualTo(
            Expr.newBuilder()
                .setTitle("night shift")
                .setDescription("22 to 6")
                .setExpression("request.time.getHours() >= 22 || a && b")
                .build());
  }
}
