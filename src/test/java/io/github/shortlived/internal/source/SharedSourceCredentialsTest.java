package io.github.shortlived.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.CachedGoogleCredentialsTest;
import io.github.shortlived.RequestHeaders;
import io.github.shortlived.internal.source.ImpersonatedCredentialsFactory.SharedSourceCredentials;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class SharedSourceCredentialsTest {
  private static final URI ANY = URI.create("https://iamcredentials.googleapis.com");

  // google-auth leaves the quota project out of headers whose token it was given.
  private final GoogleCredentials given =
      GoogleCredentials.newBuilder()
          .setAccessToken(
              new com.google.auth.oauth2.AccessToken(
                  "source", Date.from(Instant.parse("2100-01-01T00:00:00Z"))))
          .setQuotaProjectId("billing")
          .build();

  @Test
  void getRequestMetadata_givenToken_hasTheQuotaProject() throws IOException {
    assertThat(new SharedSourceCredentials(given).getRequestMetadata(ANY))
        .containsEntry("Authorization", List.of("Bearer source"))
        .containsEntry("x-goog-user-project", List.of("billing"));
  }

  @Test
  void getRequestMetadata_asynchronous_hasItToo() throws Exception {
    CachedGoogleCredentialsTest.MetadataRecorder recorder =
        new CachedGoogleCredentialsTest.MetadataRecorder();
    new SharedSourceCredentials(given).getRequestMetadata(ANY, Runnable::run, recorder);
    assertThat(recorder.next()).containsEntry("x-goog-user-project", List.of("billing"));
  }

  @Test
  void getRequestMetadata_executorRejects_callsBackWithTheCachedToken() throws Exception {
    CachedGoogleCredentialsTest.MetadataRecorder recorder =
        new CachedGoogleCredentialsTest.MetadataRecorder();
    new SharedSourceCredentials(given)
        .getRequestMetadata(
            ANY,
            task -> {
              throw new RejectedExecutionException();
            },
            recorder);
    assertThat(recorder.next()).containsEntry("Authorization", List.of("Bearer source"));
  }

  @Test
  void getRequestMetadata_tokenWithALineBreak_failsWithoutIt() {
    GoogleCredentials broken =
        GoogleCredentials.create(
            new com.google.auth.oauth2.AccessToken(
                "C4n4ry\nX: 1", Date.from(Instant.parse("2100-01-01T00:00:00Z"))));
    List<Throwable> failures = new ArrayList<>();
    new SharedSourceCredentials(broken)
        .getRequestMetadata(
            ANY,
            Runnable::run,
            new RequestMetadataCallback() {
              @Override
              public void onSuccess(Map<String, List<String>> headers) {}

              @Override
              public void onFailure(Throwable failure) {
                failures.add(failure);
              }
            });
    assertThat(failures)
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageNotContaining("C4n4ry"));
    RequestHeaders ofProject = RequestHeaders.of(given.createWithQuotaProject("p\nX: y"));
    assertThatThrownBy(ofProject::get).hasMessageNotContaining("X: y");
  }

  @Test
  void requestHeaders_givenToken_haveIt() {
    assertThat(RequestHeaders.of(given).get())
        .containsSubsequence("x-goog-user-project", "billing");
  }
}
