package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl-_x",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9",
        "eyJhbGciOiJSUzI1NiJ9",
        "ya29.c.b0AXv0zTO-xyz_1",
        "ya29.a0AfH6SMB",
        "1//0gabcdefghij-_",
        "1\\/\\/0gabcdefghij-_",
        "1%2F%2f0gabcdefghij-_",
        "1//0gabcdefghijeyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl",
        "1//0gabcdefghij1//0gklmnopqrst",
        "1\\/\\/0gabcdefghij1\\/\\/0gklmnopqrst",
        "GOCSPX-abc1//0gabcdefghij",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2ln1//0gabcdefghij",
        "eyJhbGciOiJSUzI1NiJ9..aXY.Y2lwaGVy.dGFn",
        "GOCSPX-abc_DEF-123",
        "ya29%2Ec%2eb0AXv0zTO",
        "ya29%252Ec",
        "ya29&#46;c&#x2e;b0",
        "ya29&#0046;c&period;b0",
        "ya29\\u002ec",
        "eyJhbGciOiJSUzI1NiJ9%2EeyJzdWIiOiJtZSJ9&#46;c2lnbmF0dXJl",
        "1&#47;&#x2F;0gabcdefghij",
        "1\\u002f\\u002F0gabcdefghij",
        "1%252F%252F0gabcdefghij",
        "ya29.c.b0AXv0\nzTO-xyz_1",
        "ya29.c.b0AXv0\r\n    zTO-xyz_1\r\n    abc",
        "ya29.c.\nb0AXv0\n.zTO",
        "ya29.c.b0AXv0=\r\nzTO",
        "ya29.c.b0AXv0\\nzTO\\r\\nabc",
        "ya29.c.b0AXv0%0AzTO%0D%0Aabc&#10;def",
        "ya29.c.b0AXv0\u200bzTO\u00adabc\u2028def",
        "eyJhbGciOiJSUzI1NiJ9.\neyJzdWIiOiJtZSJ9.\nc2lnbmF0dXJl",
        "eWEyOS5jLmIwQVh2MHpUTw==", // base64 of ya29.c.b0AXv0zTO
        "eyJhY2Nlc3NfdG9rZW4iOiJ5YTI5LmMuYjBBWHYwelRPIn0",
        "QmVhcmVyIHlhMjkuYy5iMEFYdjB6VE8",
        "Om1lOnlhMjkuYy5iMEFYdjB6VE8",
        "ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZTMwLng",
        "eWEyOS5jLmIwQVh2\r\nMHpUTw==",
        "-----BEGIN PRIVATE KEY-----\nMIIE\nabc=\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\nabc=\\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN+PRIVATE+KEY-----%0AMIIE%2Bx%3D%0A-----END+PRIVATE+KEY-----",
        "-----BEGIN%20RSA%20PRIVATE%20KEY-----%0AMIIE%0A-----END%20RSA%20PRIVATE%20KEY-----",
        "eWEyOS5jLmIwQVh2\n    MHpUTzEyMzQ1Njc4\n    OTAxMjM0NTY=",
        "eWEyOS5jLmIwQVh2\\nMHpUTzEyMzQ1Njc4\\nOTAxMjM0NTY=",
        "eWEyOS5jLmIwQVh2%0D%0AMHpUTw%3D%3D",
        "ya29.c.b0AXv0\\u000azTO",
        "ya29.c.b0AXv0\u200brest",
        "ya29.c.b0AXv0&#x0A;zTO",
        "ya29.c.b0AXv0&NewLine;zTO",
        "ya29.c.b0AXv0%E2%80%8BzTO",
        "ya29.c.b0AXv0%25E2%2580%258BzTO",
        "ya29.c.b0AXv0\u3164zTO",
        "ya29.c.b0AXv0\u2800zTO",
        "ya29.c.b0AXv0\ufe0fzTO",
        "ya29.c.b0AXv0\u00a0zTO",
        "ya29.c.b0AXv0&nbsp;zTO",
        "ya29\u200b.SECRET",
        "y\u200ba29.\nSECRET",
        "e\u00adyJhb\u200bGciOiJSUzI1NiJ9.e30",
        "1/\u200b/0gabcdef\u200bghij",
        "GOC\ufeffSPX-abc",
        "1\\\\/\\\\/0gabcdefghij",
        "ya29\\\\u002ec.b0AXv0",
        "ya29.c.b0%5FAXv0%2DzTO&#45;abc",
        "GOCSPX%2Dabc",
        "GOCSPX&#45;abc",
        "%79a29.c"
      })
  void redact_secretInAText_isRemoved(String secret) {
    assertThat(SafeText.redact("before '" + secret + "' after"))
        .isEqualTo("before '[redacted]' after");
  }

  /** A line that follows a token is not part of it if it is a sentence or a field. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "The call failed",
        "\tat com.example.Main",
        "Caused by: x",
        "status: 401",
        "status=401",
        "}",
        "error_code: 5"
      })
  void redact_lineAfterASecret_stays(String line) {
    assertThat(SafeText.redact("Bad ya29.c.b0\n" + line)).isEqualTo("Bad [redacted]\n" + line);
  }

  @Test
  void redact_severalSecrets_areRemoved() {
    assertThat(SafeText.redact("ya29.one, ya29.two and eyJhbGciOiJSUzI1NiJ9.e30.x"))
        .isEqualTo("[redacted], [redacted] and [redacted]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eyJhbGciOiJSUzI1NiJ9.e30", "ya29.a", "1//0gabcdefghij", "GOCSPX-a"})
  void redact_keyDirectlyAfterASecret_isRemoved(String secret) {
    String key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";

    assertThat(SafeText.redact(secret + key)).isEqualTo("[redacted][redacted]");
  }

  @Test
  void redact_endOfASentence_stays() {
    assertThat(SafeText.redact("Not eyJhbGciOiJSUzI1NiJ9.e30.x. Ask https://a.example/ya29.b/c"))
        .isEqualTo("Not [redacted]. Ask https://a.example/[redacted]/c");
  }

  /** A pattern that backtracks or recurses would take forever or overflow the stack. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "1//",
        "1//a",
        "1//0gabcdefgh",
        "1\\/\\/0gabcdefgh",
        "eyJ",
        "eyJabcdefgh.",
        "ya29.",
        "ya29.a//",
        "a.",
        "GOCSPX-",
        "-----BEGIN ",
        "-----BEGIN A",
        "-----END PRIVATE KEY",
        "-----BEGIN PRIVATE KEY-----",
        "-",
        "%2F",
        "\nya29.a",
        "\n ya29.a",
        "\nb:ya29.a",
        "ya29&#46;",
        "\n:",
        "&#46;",
        "eWEyOS5h",
        "\neWEy"
      })
  @Timeout(60) // A pattern that is not linear would stall the build.
  void redact_megabytesOfASecretsBeginning_terminates(String beginning) {
    String text = beginning.repeat((1 << 20) / beginning.length());

    for (String before :
        new String[] {"", "ya29.a", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----"}) {
      String redacted = SafeText.redact(before + text + " end");
      boolean opensAKey = (before + text).contains("-----BEGIN PRIVATE KEY-----");
      assertThat(opensAKey || redacted.endsWith(" end")).isTrue();
    }
  }

  @Test
  void redact_keyWithoutEnd_removesTheRest() {
    assertThat(SafeText.redact("key -----BEGIN PRIVATE KEY-----\nMIIE\nabc"))
        .isEqualTo("key [redacted]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@p:signJwt",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
        "POST https://iam.example/v1/a:b?$alt=json;enum-encoding=int refused",
        "GET https://compute.example/v1/a?maxResults=5&$alt=json;enum-encoding%3Dint refused",
        "eyJ is how a JWT begins",
        "ya29&#46; %2E &#46; ya29%2E",
        "projects/my-project-with-a-long-name/serviceAccounts/abcdefghijklmnop",
        "TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsu and 0123456789abcdef0123456789abcdef01234567",
        "Enable it at https://console.developers.google.com/apis?project=7 then retry",
        "HTTP 502 Bad Gateway $1 \\",
        "keyJsonWebTokenSet and surveyJsonFormat",
        "https://h/v1//projects/my-project",
        "http://127.0.0.1//longpathname",
        "100%2C &#9999999; &unknown; \\d \\u12 %E2 &#xZ; 5% off"
      })
  void redact_noSecret_isUnchanged(String text) {
    assertThat(SafeText.redact(text)).isEqualTo(text);
  }

  /** A text with a harmless beginning, and a secret after it. */
  static Stream<Arguments> repetitions() {
    return Stream.of(
        arguments(
            "Error code X: The executable returned an invalid response: ", "warning\n{secret}."),
        arguments(
            "The output_file specified contains an invalid or malformed response.", "Odd: secret"),
        arguments("404 Not Found\nGET https://idp.example/token?", "code=secret&a=b"),
        arguments("POST http://127.0.0.1:80/?", "secret"),
        arguments("Illegal character(s) in message header value: ", "Bearer one\ntwo three"),
        arguments("invalid header value: ", "\"Bearer one\ntwo\""));
  }

  @ParameterizedTest
  @MethodSource("repetitions")
  void redact_inputQuotedInAMessage_isRemoved(String beginning, String secret) {
    assertThat(SafeText.redact(beginning + secret)).isEqualTo(beginning + "[redacted]");
    assertThat(SafeText.redact(beginning + "[redacted]")).isEqualTo(beginning + "[redacted]");
  }

  @Test
  void redact_suppressedExceptionWithSecret_isRedacted() {
    IOException cause = new IOException("Late");
    IOException suppressed = new IOException("Early", new IOException("ya29.secret"));
    cause.addSuppressed(suppressed);
    Throwable redacted = SafeText.redact(cause);
    assertThat(redacted).hasMessage("java.io.IOException: Late");
    assertThat(Throwables.getStackTraceAsString(redacted))
        .contains("Suppressed: ", "Early", "[redacted]")
        .doesNotContain("ya29");
  }

  @Test
  void redact_exceptionsInACircle_terminates() {
    Exception one = new Exception("one");
    one.addSuppressed(new Exception("two", one));
    assertThat(SafeText.redact(one)).isSameAs(one);

    Exception leaking = new Exception("three ya29.secret", one);
    one.addSuppressed(leaking);
    Throwable copy = SafeText.redact(one);
    assertThat(copy.getSuppressed()[0]).hasCause(copy);
    assertThat(copy.getSuppressed()[1])
        .hasMessage("java.lang.Exception: three [redacted]")
        .cause()
        .isSameAs(copy);
  }

  @Test
  void redact_causeWithAVeryLongMessage_isCut() {
    Exception cause = new Exception("Refused " + "a b ".repeat(500_000));
    assertThat(SafeText.redact(cause).getMessage())
        .startsWith("java.lang.Exception: Refused a b")
        .endsWith("…")
        .hasSizeLessThan(4_010);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ya29.hidden", "1//0gabcdefghij", "GOCSPX-hidden", "eyJhbGciOiJSUzI1NiJ9.e30"})
  void line_secretAtTheCut_isNotShown(String secret) {
    for (int length = 3_960; length < 4_010; length++) {
      String line = SafeText.line("x".repeat(length) + " " + secret + "y".repeat(100_000));
      assertThat(line).matches("x+ (\\[redacted\\] )?…");
    }
  }

  @Test
  void redact_causeWithoutSecret_isTheSame() {
    Exception cause = new IllegalStateException("no token", new IOException("HTTP 502"));
    assertThat(SafeText.redact(cause)).isSameAs(cause);
  }

  @Test
  void redact_causeWithNestedSecret_hasStackTracesAndRedactedMessages() {
    Exception inner = new IOException("unexpected: ya29.secret");
    Exception cause = new IllegalStateException("no token", inner);
    Throwable redacted = SafeText.redact(cause);
    assertThat(redacted)
        .hasMessage("java.lang.IllegalStateException: no token")
        .hasStackTraceContaining("java.io.IOException: unexpected: [redacted]");
    assertThat(redacted.getStackTrace()).isEqualTo(cause.getStackTrace());
    assertThat(Throwables.getStackTraceAsString(redacted)).doesNotContain("ya29.");
  }

  @ParameterizedTest
  @CsvSource({
    "'<h1>\n\tNo</h1>\r\n', <h1> No</h1>",
    "'a\u001b[2Jb', a [2Jb",
    "'a\u202eb\u200bc\u2028d', a b c d",
    "'token ya29.hidden here', token [redacted] here",
    "'', ''",
    "' \n ', ''"
  })
  void excerpt_text_isOneSafeLine(String text, String line) {
    assertThat(SafeText.excerpt(text)).isEqualTo(line);
  }

  @ParameterizedTest
  @CsvSource({
    "'two\nlines\tand\u2028more', two lines and more",
    "'a\u202eb\u00a0c', a\\u202eb\\u00a0c",
    "'a\u001bb\u3164', a\\u001bb\\u3164",
    "'tag \udb40\udc41', tag \\udb40\\udc41",
    "'é 漢 👍', é 漢 👍"
  })
  void visible_text_isOneLineWithEscapes(String text, String line) {
    assertThat(SafeText.visible(text)).isEqualTo(line);
  }

  @Test
  void excerpt_textOfMaximumLength_isWhole() {
    assertThat(SafeText.excerpt("x".repeat(200))).isEqualTo("x".repeat(200));
  }

  @Test
  void excerpt_longerText_hasAnEllipsis() {
    assertThat(SafeText.excerpt("x".repeat(201))).isEqualTo("x".repeat(199) + "…");
  }

  @Test
  void excerpt_cutInsideACharacter_omitsIt() {
    assertThat(SafeText.excerpt("x".repeat(198) + "😀".repeat(2))).isEqualTo("x".repeat(198) + "…");
  }

  @Test
  void excerpt_secretAtTheCut_isRedacted() {
    assertThat(SafeText.excerpt("x".repeat(190) + " ya29.hidden" + "y".repeat(10_000)))
        .doesNotContain("ya29")
        .hasSizeLessThanOrEqualTo(200);
  }
}
