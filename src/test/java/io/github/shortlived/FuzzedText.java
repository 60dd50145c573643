package io.github.shortlived;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Throwables;
import com.google.common.io.Resources;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts for fuzz tests. {@code <<token>>}, {@code <<jwt>>}, {@code <<refresh>>} and {@code
 * <<client>>} stand for secrets in Google's formats. Also checks the exceptions that refuse such a
 * text.
 */
public final class FuzzedText {
  /** The part of every secret that must never be printed. */
  public static final String HIDDEN = "C4n4ryC4n4ry";

  private static final Pattern PLANTED = Pattern.compile("<<(token|jwt|refresh|client)>>");
  private static final int LONGEST_MESSAGE = 1_000;

  private FuzzedText() {}

  public static String of(byte[] bytes) {
    return PLANTED
        .matcher(new String(bytes, UTF_8).replace(HIDDEN, "learnt")) // The fuzzer learns it.
        .replaceAll(place -> Matcher.quoteReplacement(secret(place.group(1))));
  }

  private static String secret(String kind) {
    return switch (kind) {
      case "token" -> "ya29.c.b0" + HIDDEN;
      case "jwt" -> "eyJhbGciOiJSUzI1NiJ9." + HIDDEN + "." + HIDDEN;
      case "refresh" -> "1//0g" + HIDDEN;
      default -> "GOCSPX-" + HIDDEN;
    };
  }

  /** Returns a seed of this fuzz test method. */
  public static byte[] seed(Class<?> test, String method, String name) {
    try {
      URL seed = test.getResource("%sInputs/%s/%s".formatted(test.getSimpleName(), method, name));
      return Resources.toByteArray(Objects.requireNonNull(seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the lines of a text. */
  public static List<String> lines(byte[] bytes) {
    return List.of(of(bytes).split("\n", -1));
  }

  /** Returns the value, or checks the exception and returns empty. */
  public static <T> Optional<T> accepted(Supplier<T> made) {
    try {
      return Optional.of(made.get());
    } catch (CredentialException refusal) {
      judge(refusal);
      return Optional.empty();
    }
  }

  /** Checks an exception that no request precedes: one visible, short line without any secret. */
  private static void judge(CredentialException refusal) {
    assertThat(refusal)
        .isInstanceOfAny(
            CredentialException.InvalidRequest.class, CredentialException.SourceCredentials.class);
    assertThat(Throwables.getStackTraceAsString(refusal)).doesNotContain(HIDDEN);
    String message = refusal.getMessage();
    assertThat(SafeText.escape(message, hidden -> "<hidden>")).isEqualTo(message);
    assertThat(new String(message.getBytes(UTF_8), UTF_8)).isEqualTo(message);
    assertThat(message.length()).isLessThan(LONGEST_MESSAGE);
  }
}
