package io.github.shortlived.internal.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.util.Base64;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Secrets of all forms, encoded in any way and inside any text, are removed. */
class SafeTextPropertyTest {
  private static final String CANARY = "C4n4ry";

  /** A secret in which the canary occurs again and again. */
  @Provide
  Arbitrary<String> secrets() {
    Arbitrary<String> part =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('0', '9')
            .withChars("-_")
            .ofMinLength(8)
            .ofMaxLength(40)
            .map(text -> text.replace("-----", "----") + CANARY);
    return Combinators.combine(
            Arbitraries.of("ya29.", "ya29.c.", "1//0g", "GOCSPX-", "eyJ"), part, part)
        .as((begin, one, two) -> begin + one + (begin.equals("eyJ") ? "." + two : ""));
  }

  @Provide
  Arbitrary<UnaryOperator<String>> encodings() {
    return Arbitraries.of(
        UnaryOperator.identity(),
        text -> text.replace(".", "%2E").replace("/", "%2F"),
        text -> text.replace(".", "&#46;").replace("/", "&#47;"),
        text -> text.replace(".", "&#x2e;").replace("/", "&#x2f;"),
        text -> text.replace(".", "\\u002e").replace("/", "\\u002f"),
        text -> text.replace("/", "\\/"),
        text -> wrapped(text, "\n"),
        text -> wrapped(text, "\r\n  "),
        text -> wrapped(text, "\\n"),
        text -> wrapped(text, "\\u000a"),
        text -> wrapped(text, "\u200b"),
        text -> wrapped(text, "\u00a0"),
        text -> wrapped(text, "\u3164"),
        text -> wrapped(text, "%E2%80%8B"),
        text -> wrapped(text, "&NewLine;"),
        text -> text.replace(".", "\u200b.").replace("/", "/\u200b"),
        text -> text.replace("/", "\\\\/").replace(".", "\\\\u002e"),
        text -> text.replace("_", "%5F").replace("-", "%2D"),
        text -> text.replace("-", "&#45;"),
        text -> Base64.getEncoder().encodeToString(text.getBytes(UTF_8)),
        text -> Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8)),
        text -> Base64.getEncoder().encodeToString(("me:" + text).getBytes(UTF_8)),
        text ->
            Base64.getMimeEncoder(20, new byte[] {'\r', '\n'})
                .encodeToString(text.getBytes(UTF_8)));
  }

  /** Breaks a text into lines, but not in the beginning by which a secret is found. */
  private static String wrapped(String text, String lineBreak) {
    return text.substring(0, 12)
        + lineBreak
        + String.join(lineBreak, Splitter.fixedLength(15).split(text.substring(12)));
  }

  @Property
  void redact_encodedSecretInAText_isRemoved(
      @ForAll("secrets") String secret,
      @ForAll("encodings") UnaryOperator<String> encoding,
      @ForAll("surroundings") String before,
      @ForAll("endings") String after) {
    String encoded = encoding.apply(secret);
    String redacted = SafeText.redact(before + encoded + after);
    assertThat(redacted).doesNotContain(CANARY).contains("[redacted]");
    for (int i = 0; i + 20 < encoded.length(); i += 5) {
      assertThat(redacted).doesNotContain(encoded.substring(i, i + 20));
    }
  }

  @Property
  void line_longTextWithASecret_doesNotShowHalfOfIt(
      @ForAll("secrets") String secret, @ForAll @IntRange(min = 3_800, max = 4_010) int length) {
    String text = "x".repeat(length) + " " + secret + " " + "y".repeat(5_000);
    assertThat(SafeText.line(text)).matches("x+( \\[redacted\\]| y+)* …");
  }

  @Provide
  Arbitrary<String> surroundings() {
    return Arbitraries.of("", " ", "\"", "'", "<p>", ": ", "\n", "{\"a\": \"", "/", "=");
  }

  @Provide
  Arbitrary<String> endings() {
    return Arbitraries.of("", " ", "\"", "'", "</p>", "\n", "\"}", ", next", ";", " is invalid.");
  }
}
