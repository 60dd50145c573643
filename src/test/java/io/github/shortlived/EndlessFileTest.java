package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.testing.IamEmulator;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A device without an end in the place of a file. */
@DisabledOnOs(OS.WINDOWS)
class EndlessFileTest {
  private static final Path ENDLESS = Path.of("/dev/zero");

  static Stream<ThrowingCallable> readers() {
    return Stream.of(
        () -> ShortLivedCredentials.fromKeyFile(ENDLESS),
        () -> ImpersonationSettings.fromFile(ENDLESS),
        () ->
            ShortLivedCredentials.builder()
                .configurationFile(ENDLESS, CredentialConfigPolicy.googleOnly())
                .build());
  }

  @ParameterizedTest
  @MethodSource("readers")
  void credentialFile_endless_isRefused(ThrowingCallable reader) {
    assertThatThrownBy(reader)
        .isInstanceOf(SourceCredentials.class)
        .hasMessageContaining("'/dev/zero'")
        .hasMessageContaining("is larger than 64 KiB. Check the path");
  }

  @Test
  void worldFile_endless_isRefused() {
    assertThatThrownBy(() -> IamEmulator.builder().world(ENDLESS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("/dev/zero: the file is larger than 16 MiB: check the path");
  }
}
