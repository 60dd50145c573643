package io.github.shortlived.internal.policy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class PolicyEditorClockTest {
  private static final Instant NOW = Instant.parse("2001-02-03T04:05:06Z");
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("target@demo-project.iam.gserviceaccount.com");

  /** By the system's clock the date is long past, and the second read would succeed. */
  @Test
  void read_retryAfterADate_isMeasuredByTheInjectedClock() {
    try (ShortLivedCredentials credentials =
            ShortLivedCredentials.builder()
                .source(GoogleCredentials.create(new AccessToken("none", null)))
                .clock(InstantSource.fixed(NOW))
                .build();
        PolicyEditor editor =
            new PolicyEditor(
                InternalCredentials.context(credentials),
                new BusyStore(NOW.plus(Duration.ofMinutes(5))))) {
      assertThatThrownBy(() -> editor.policies().read(ACCOUNT, editor.policies().deadline()))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("5 minutes");
    }
  }

  /** Refuses the first read until a date; responds to any other. */
  private static final class BusyStore implements PolicyStore {
    private final Instant until;
    private boolean refused;

    BusyStore(Instant until) {
      this.until = until;
    }

    @Override
    public Policy read(ServiceAccount account, Deadline deadline) throws HttpResponseException {
      if (refused) {
        return Policy.getDefaultInstance();
      }
      refused = true;
      HttpHeaders headers = new HttpHeaders();
      headers.setRetryAfter(
          DateTimeFormatter.RFC_1123_DATE_TIME.format(until.atOffset(ZoneOffset.UTC)));
      throw new HttpResponseException.Builder(503, "Busy", headers).build();
    }

    @Override
    public void write(ServiceAccount account, Policy policy, Deadline deadline) {}

    @Override
    public ListServiceAccountsResponse accounts(
        String projectId, String pageToken, Deadline deadline) {
      return ListServiceAccountsResponse.getDefaultInstance();
    }

    @Override
    public void close() {}
  }
}
