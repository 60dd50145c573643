package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Diagnoses that are interrupted, or whose source credentials do not respond. */
class InterruptedDiagnosisTest {
  private final DiagnosisDemo demo = new DiagnosisDemo();
  private final CountDownLatch responding = new CountDownLatch(1);

  @AfterEach
  void close() {
    responding.countDown();
    demo.close();
  }

  @Test
  void diagnose_threadInterrupted_throwsAndStaysInterrupted() {
    Diagnostics diagnostics = Diagnostics.using(demo.as(Member.of(CALLER)));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> diagnostics.diagnose(TARGET))
          .isInstanceOf(CredentialException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(only(diagnostics.diagnose(TARGET)).kind()).isEqualTo(Kind.ACCESS_DENIED);
  }

  @Test
  @Timeout(30)
  void diagnose_unresponsiveSource_isUnavailableAtTheDeadline() {
    ShortLivedCredentials silent =
        demo.opened(
            demo.options()
                .source(new Silent(responding))
                .retryPolicy(RetryPolicy.none().withTotalTimeout(Duration.ofMillis(1))));
    Finding finding = only(Diagnostics.using(silent).diagnose(TARGET));
    assertThat(finding.kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @SuppressWarnings("serial") // Never serialized.
  private static final class Silent extends GoogleCredentials {
    private final transient CountDownLatch responding;

    Silent(CountDownLatch responding) {
      this.responding = responding;
    }

    @Override
    public AccessToken refreshAccessToken() throws IOException {
      try {
        responding.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return AccessToken.newBuilder().setTokenValue("late").build();
    }
  }
}
