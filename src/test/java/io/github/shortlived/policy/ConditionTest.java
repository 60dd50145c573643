package io.github.shortlived.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
  private static final Instant END = Instant.parse("2026-11-22T12:00:00Z");
  private static final String BEFORE = "request.time < timestamp(\"2026-11-22T12:00:00Z\")";
  private static final Condition OWN =
      new Condition("night shift", "22 to 6", "request.time.getHours() >= 22 || a && b");

  @Test
  void until_instant_comparesTheRequestTime() {
    assertThat(Condition.until(END))
        .isEqualTo(new Condition("short-lived until 2026-11-22T12:00:00Z", "", BEFORE));
  }

  @Test
  void withExpiry_condition_isTrueOnlyIfBothAre() {
    assertThat(OWN.withExpiry(END))
        .isEqualTo(
            new Condition(
                "short-lived until 2026-11-22T12:00:00Z: night shift",
                "22 to 6",
                BEFORE + " && (request.time.getHours() >= 22 || a && b)"));
  }

  @Test
  void until_fractionOfASecond_isTruncated() {
    assertThat(Condition.until(END.plusMillis(999))).isEqualTo(Condition.until(END));
  }

  @Test
  void expiry_ownFormat_isTheInstant() {
    assertThat(Condition.until(END).expiry()).contains(END);
    assertThat(OWN.withExpiry(END).expiry()).contains(END);
  }

  @Test
  void expiry_firstAndLastInstant_isRecognized() {
    assertThat(Condition.until(Instant.MAX).expiry())
        .contains(Instant.MAX.truncatedTo(ChronoUnit.SECONDS));
    assertThat(Condition.until(Instant.MIN).expiry()).contains(Instant.MIN);
  }

  @Test
  void expiry_anyTitleAndExpressionOfItsOwn_isTheInstant() {
    Condition own = Condition.of("two\nlines: a) || (b", "(a) || (b)");
    assertThat(own.withExpiry(END).expiry()).contains(END);
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
        "short-lived until 2026-11-22T12:00Z # request.time < timestamp(\"2026-11-22T12:00:00Z\")",
        "short-lived until 2026-11-21T24:00:00Z # request.time < timestamp(\"2026-11-22T00:00:00Z\")",
        "short-lived until 2026-11-22T12:00:00Z: a # request.time < timestamp(\"2026-11-22T12:00:00Z\") && (a) || (b)",
        "short-lived until 2026-11-22T12:00:00Z: a # request.time < timestamp(\"2026-11-22T12:00:00Z\") && (a) || true || (b)",
        "short-lived until 2026-11-22T12:00:00Z and on # request.time < timestamp(\"2026-11-22T12:00:00Z\")",
        "short-lived until 2026-13-22T12:00:00Z # request.time < timestamp(\"2026-13-22T12:00:00Z\")",
      })
  void expiry_anotherTitleOrExpression_isEmpty(String title, String expression) {
    assertThat(Condition.of(title, expression).expiry()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "request.time < timestamp(\"2026-11-22T12:00:00Z\")",
        " request.time<=timestamp( '2026-11-22T13:00:00+01:00' ) ",
      })
  void timeLimit_onlyATimeLimit_isItsInstant(String expression) {
    assertThat(Condition.of("until noon", expression).timeLimit()).contains(END);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "request.time < timestamp(\"2026-11-22T12:00:00Z\") && a",
        "request.time > timestamp(\"2026-11-22T12:00:00Z\")",
        "request.time < timestamp(\"noon\")",
        "true",
      })
  void timeLimit_anythingElse_isEmpty(String expression) {
    assertThat(Condition.of("until noon", expression).timeLimit()).isEmpty();
  }

  @Test
  void withoutExpiry_ownFormat_isTheOtherExpressionInBrackets() {
    assertThat(Condition.until(END).withoutExpiry()).isEmpty();
    assertThat(OWN.withExpiry(END).withoutExpiry()).isEqualTo("(" + OWN.expression() + ")");
    assertThat(OWN.withoutExpiry()).isEqualTo(OWN.expression());
  }

  @Test
  void toString_condition_isOneLine() {
    assertThat(Condition.until(END)).hasToString("until 2026-11-22T12:00:00Z");
    assertThat(Condition.of("t", "a &&\nb").withExpiry(END))
        .hasToString("until 2026-11-22T12:00:00Z, if (a && b)");
    assertThat(Condition.of("t", "a &&\nb")).hasToString("if a && b");
  }
}
