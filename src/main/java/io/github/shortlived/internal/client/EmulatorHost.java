package io.github.shortlived.internal.client;

import io.github.shortlived.internal.text.LoopbackAddress;
import io.github.shortlived.internal.text.SafeText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The standalone emulator that the environment variable {@value #VARIABLE} names.
 *
 * @param host a loopback address
 */
public record EmulatorHost(String host, int port) {
  /** The name of the variable, whose value is HOST:PORT. */
  public static final String VARIABLE = "SHORTLIVED_IAM_EMULATOR_HOST";

  private static final Pattern FORM = Pattern.compile("([^:]+|\\[::1]):([1-9][0-9]{0,4})");
  private static final int MAX_PORT = 65_535;
  // A client may use another name of this machine than the variable.
  private static final Set<String> SAME = Set.of("127.0.0.1", "localhost", "[::1]");

  /**
   * Returns the emulator that the environment names; empty if the variable is not set or is blank.
   *
   * @throws IllegalArgumentException if the value has another form or is no loopback address
   */
  public static Optional<EmulatorHost> in(Function<String, @Nullable String> environment) {
    return Optional.ofNullable(environment.apply(VARIABLE))
        .filter(value -> !value.isBlank())
        .map(value -> parse(value).orElseThrow(() -> invalid(value)));
  }

  /** Returns empty if the text is not the HOST:PORT of a loopback address. */
  static Optional<EmulatorHost> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
            && LoopbackAddress.matches(form.group(1))
            && Integer.parseInt(form.group(2)) <= MAX_PORT
        ? Optional.of(new EmulatorHost(form.group(1), Integer.parseInt(form.group(2))))
        : Optional.empty();
  }

  private static IllegalArgumentException invalid(String value) {
    String withoutUser = value.replaceFirst("(?s)^.*@", "…@"); // A password may precede the @.
    return new IllegalArgumentException(
        ("Invalid %s '%.200s': it must be the HOST:PORT of an emulator on this machine, with a loopback"
                + " address and a port from 1 to 65535, without a scheme and a path. Write"
                + " 127.0.0.1:PORT, or unset the variable.")
            .formatted(VARIABLE, SafeText.visible(SafeText.redact(withoutUser))));
  }

  /** Returns the URL of its HTTP server. */
  public URI http() {
    return URI.create("http://" + this);
  }

  /** Returns whether this URL is at the HTTP server of the emulator. */
  public boolean serves(String url) {
    try {
      URI uri = new URI(url);
      return "http".equals(uri.getScheme())
          && uri.getRawUserInfo() == null
          && uri.getPort() == port
          && isSame(Objects.requireNonNullElse(uri.getHost(), ""));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private boolean isSame(String other) {
    return host.equals(other) || (SAME.contains(host) && SAME.contains(other));
  }

  /** Returns HOST:PORT. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
