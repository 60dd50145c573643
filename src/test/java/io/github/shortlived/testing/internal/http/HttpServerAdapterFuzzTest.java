package io.github.shortlived.testing.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.primitives.Bytes;
import io.github.shortlived.testing.FuzzedFront;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/**
 * Sends any bytes to the HTTP server: the seeds in {@code src/test/resources} in each build, random
 * bytes when fuzzing.
 */
class HttpServerAdapterFuzzTest {
  // Created by the first test, not before: Jazzer must see the emulator's classes load, since a JDK
  // bug (JDK-8315575) breaks records with annotated components that are transformed later.
  private static @Nullable FuzzedFront front;

  private static synchronized FuzzedFront front() {
    if (front == null) {
      front = new FuzzedFront();
    }
    return front;
  }

  @AfterAll
  static void stop() {
    if (front != null) {
      front.close();
    }
  }

  @FuzzTest(maxDuration = "1m")
  void request_ofAnyBytes_isAnsweredOrRefusedInForm(byte[] request) {
    front().serve(request);
  }

  @FuzzTest(maxDuration = "1m")
  void tokenForm_ofAnyBytes_isAnsweredOrRefusedInForm(byte[] form) {
    front().serve(concat("POST /token\n\n", form));
    front().serve(concat("POST /v1/token\n\n", form));
  }

  private static byte[] concat(String head, byte[] body) {
    return Bytes.concat(head.getBytes(UTF_8), body);
  }
}
