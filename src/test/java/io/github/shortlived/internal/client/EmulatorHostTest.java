package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The value of the variable that names an emulator. */
class EmulatorHostTest {
  private static Optional<EmulatorHost> of(String value) {
    return EmulatorHost.in(Map.of("SHORTLIVED_IAM_EMULATOR_HOST", value)::get);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:1",
        "127.0.0.1:65535",
        "127.255.255.254:8085",
        "localhost:8085",
        "[::1]:8085"
      })
  void in_loopbackAddressWithPort_isTheEmulator(String value) {
    EmulatorHost emulator = of(value).orElseThrow();
    assertThat(emulator).hasToString(value);
    assertThat(emulator.http()).isEqualTo(URI.create("http://" + value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void in_blank_isAsIfNotSet(String blank) {
    assertThat(of(blank)).isEmpty();
    assertThat(EmulatorHost.in(Map.<String, String>of()::get)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:080",
        "127.0.0.1:65536",
        "127.0.0.1:99999999999",
        "127.0.0.1:-1",
        "127.0.0.1:+80",
        "127.0.0.1:80/",
        "127.0.0.1:80/v1",
        "127.0.0.1:80?x",
        "127.0.0.1:80#x",
        "127.0.0.1:80:81",
        "http://127.0.0.1:80",
        "https://127.0.0.1:80",
        "//127.0.0.1:80",
        ":80",
        "80",
        " 127.0.0.1:80",
        "127.0.0.1:80 ",
        "127.0.0.1 :80",
        "127.0.0.1:80\n",
        "127.0.0.1:80\nevil.com:80",
        "127.0.0.1:\u0661\u0662",
        "\u0661\u0662\u0667.0.0.1:80",
        "127\u30020.0.1:80",
        "127.0.0.1.evil.com:80",
        "evil.com:80",
        "localhost.evil.com:80",
        "localhost.:80",
        "LOCALHOST:80",
        "evil.localhost:80",
        "localhost@evil:1",
        "localhost:80@evil:1",
        "127.0.0.1:80@evil.com:80",
        "[::ffff:8.8.8.8]:1",
        "[::ffff:127.0.0.1]:1",
        "[::1%25eth0]:1",
        "[::]:1",
        "::1:80",
        "[0:0:0:0:0:0:0:1]:80",
        "2130706433:80",
        "0x7f.1:80",
        "0x7f000001:80",
        "0177.0.0.1:80",
        "127.1:80",
        "127.0.0.01:80",
        "127.0.0.256:80",
        "128.0.0.1:80",
        "0.0.0.0:80",
        "169.254.169.254:80",
        "unix:/tmp/socket",
        "%31%32%37.0.0.1:80"
      })
  void in_otherValue_isRefusedWithTheRule(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(value))
        .withMessageStartingWith("Invalid SHORTLIVED_IAM_EMULATOR_HOST '")
        .withMessageEndingWith(
            "': it must be the HOST:PORT of an emulator on this machine, with a loopback address and"
                + " a port from 1 to 65535, without a scheme and a path. Write 127.0.0.1:PORT, or"
                + " unset the variable.");
  }

  @Test
  void in_otherValue_isShownWithoutPasswordAndHiddenCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("http://me:hidden@evil.com\u202e:80"))
        .withMessageContaining(" '…@evil.com\\u202e:80': ");
  }

  @Test
  void serves_urlAtTheServer_isTrue() {
    EmulatorHost emulator = of("localhost:8085").orElseThrow();
    assertThat(emulator.serves("http://127.0.0.1:8085/token")).isTrue();
    assertThat(emulator.serves("http://localhost:8085")).isTrue();
    assertThat(of("127.0.0.9:8085").orElseThrow().serves("http://127.0.0.9:8085/a?b")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:8085/token",
        "http://127.0.0.1:8086/token",
        "http://127.0.0.1/token",
        "http://127.0.0.2:8085/token",
        "http://127.0.0.1:8085@evil.com/token",
        "http://user@127.0.0.1:8085/token",
        "http://127.0.0.1.evil.com:8085/token",
        "http://127.0.0.1:8085\\@evil.com/token",
        "127.0.0.1:8085/token",
        "https://oauth2.googleapis.com/token",
        "",
        "::"
      })
  void serves_otherUrl_isFalse(String url) {
    assertThat(of("127.0.0.1:8085").orElseThrow().serves(url)).isFalse();
  }
}
