package io.github.shortlived.testing.internal.world;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.shortlived.testing.IamEmulator;

/** Reads declarations from arbitrary bytes. */
class WorldFileFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void worldJson_ofAnyBytes_isAcceptedOrRefusedWithThePath(byte[] json) {
    try {
      IamEmulator.builder().worldJson(new String(json, UTF_8));
    } catch (IllegalArgumentException refusal) {
      assertThat(refusal).hasMessageStartingWith("$");
    }
  }
}
