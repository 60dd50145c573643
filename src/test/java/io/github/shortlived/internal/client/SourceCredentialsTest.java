package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.UserCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.SourceFailureException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceCredentialsTest {
  private static final URI ONE = URI.create("https://one.example.com");
  private static final URI OTHER = URI.create("https://other.example.com");
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  private static final Deadline DEADLINE = Retrier.deadlineIn(Duration.ofDays(1));

  private final AtomicInteger copies = new AtomicInteger();
  private final AtomicInteger fetches = new AtomicInteger();

  @Test
  void of_unscopedCredentials_areScopedOnce() throws Exception {
    SourceCredentials source = SourceCredentials.of(new Counting(true, null), SCOPE);
    source.headersFor(ONE, DEADLINE);
    source.headersFor(OTHER, DEADLINE);

    assertThat(copies).hasValue(1);
  }

  @Test
  void of_scopedCredentials_areNotCopied() {
    Counting credentials = new Counting(false, null);

    assertThat(SourceCredentials.of(credentials, SCOPE).scoped()).isSameAs(credentials);
  }

  @Test
  void of_sourceOfASource_sharesTheToken() throws Exception {
    SourceCredentials first = SourceCredentials.of(new Counting(true, null), SCOPE);
    SourceCredentials second = SourceCredentials.of(first.scoped(), SCOPE);
    first.headersFor(ONE, DEADLINE);
    second.headersFor(ONE, DEADLINE);

    assertThat(fetches).hasValue(1);
  }

  @Test
  void headersFor_severalServices_fetchesOneToken() throws Exception {
    SourceCredentials source = SourceCredentials.of(new Counting(true, null), SCOPE);
    Map<String, List<String>> first = source.headersFor(ONE, DEADLINE);
    Map<String, List<String>> second = source.headersFor(OTHER, DEADLINE);

    assertThat(second).isEqualTo(first).containsEntry("Authorization", List.of("Bearer token-1"));
    assertThat(fetches).hasValue(1);
  }

  @Test
  void headersFor_sourceThatFails_hasItsMessage() {
    IOException broken = new IOException("Bad key");
    SourceCredentials source = SourceCredentials.of(new Broken(broken), SCOPE);

    assertThatThrownBy(() -> source.headersFor(ONE, DEADLINE))
        .isInstanceOf(SourceFailureException.class)
        .hasMessage("Bad key")
        .hasCause(broken);
  }

  @Test
  void headersFor_expiredTokenThatCannotBeRenewed_isASourceFailure() {
    AccessToken expired = new AccessToken("token", Date.from(Instant.EPOCH));
    SourceCredentials source = SourceCredentials.of(GoogleCredentials.create(expired), SCOPE);

    assertThatThrownBy(() -> source.headersFor(ONE, DEADLINE))
        .isInstanceOf(SourceFailureException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void headersFor_cachedToken_startsNoThread() throws Exception {
    SourceCredentials source = SourceCredentials.of(new Counting(false, SCOPE), SCOPE);
    source.headersFor(ONE, DEADLINE);
    int before = Thread.activeCount();
    Thread.currentThread().interrupt();

    // A thread that waits would notice the interruption.
    assertThat(source.headersFor(ONE, DEADLINE)).containsKey("Authorization");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(before);
  }

  @Test
  void headersFor_sourceThatHangs_failsAtTheDeadline() {
    Hanging hanging = new Hanging();
    SourceCredentials source = SourceCredentials.of(hanging, SCOPE);

    assertThatThrownBy(() -> source.headersFor(ONE, Retrier.deadlineIn(Duration.ofMillis(1))))
        .isInstanceOf(SourceFailureException.class)
        .hasMessage("The source did not respond in time");
    hanging.latch.countDown();
  }

  @Test
  void headersFor_afterATimeout_sharesTheTokenOfTheFirstCall() throws Exception {
    Hanging hanging = new Hanging();
    SourceCredentials source = SourceCredentials.of(hanging, SCOPE);
    assertThatThrownBy(() -> source.headersFor(ONE, Retrier.deadlineIn(Duration.ofMillis(1))))
        .isInstanceOf(SourceFailureException.class);
    hanging.latch.countDown();

    assertThat(source.headersFor(ONE, DEADLINE)).containsKey("Authorization");
    assertThat(fetches).hasValue(1);
  }

  @Test
  void headersFor_interrupted_failsAtOnceAndTheFetchContinues() throws Exception {
    Hanging hanging = new Hanging();
    SourceCredentials source = SourceCredentials.of(hanging, SCOPE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> source.headersFor(ONE, DEADLINE))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    hanging.latch.countDown();

    assertThat(source.headersFor(ONE, DEADLINE)).containsKey("Authorization");
    assertThat(fetches).hasValue(1);
  }

  @Test
  void headersFor_defectOfTheSource_isThrown() {
    SourceCredentials source =
        SourceCredentials.of(new Defective(new UnsupportedOperationException("No")), SCOPE);

    assertThatThrownBy(() -> source.headersFor(ONE, DEADLINE))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void call_callThatHangs_failsAtTheDeadline() {
    CountDownLatch latch = new CountDownLatch(1);
    SourceCredentials source = SourceCredentials.of(new Counting(false, SCOPE), SCOPE);
    assertThatThrownBy(
            () ->
                source.call(
                    () -> {
                      awaitQuietly(latch);
                      return "late";
                    },
                    Retrier.deadlineIn(Duration.ofMillis(1))))
        .isInstanceOf(SourceFailureException.class);
    latch.countDown();
  }

  @Test
  void call_resultInTime_isReturned() throws Exception {
    SourceCredentials source = SourceCredentials.of(new Counting(false, SCOPE), SCOPE);

    assertThat(source.call(() -> Thread.currentThread().isDaemon(), DEADLINE)).isTrue();
  }

  @Test
  void renew_rejectedToken_isReplacedOnce() throws Exception {
    SourceCredentials source = SourceCredentials.of(new Counting(false, SCOPE), SCOPE);
    Map<String, List<String>> rejected = source.headersFor(ONE, DEADLINE);
    source.renew(rejected, DEADLINE);
    source.renew(rejected, DEADLINE);

    assertThat(source.headersFor(ONE, DEADLINE))
        .containsEntry("Authorization", List.of("Bearer token-2"));
  }

  @Test
  void renewable_fixedToken_false() {
    AccessToken fixed = new AccessToken("token", Date.from(Instant.parse("2100-01-01T00:00:00Z")));

    assertThat(SourceCredentials.of(GoogleCredentials.create(fixed), SCOPE).renewable()).isFalse();
    assertThat(SourceCredentials.of(user(false), SCOPE).renewable()).isFalse();
    assertThat(SourceCredentials.of(user(true), SCOPE).renewable()).isTrue();
    assertThat(SourceCredentials.of(new Counting(false, SCOPE), SCOPE).renewable()).isTrue();
  }

  private static UserCredentials user(boolean lasting) {
    UserCredentials.Builder user =
        UserCredentials.newBuilder()
            .setClientId("id")
            .setClientSecret("secret")
            .setAccessToken(
                new AccessToken("token", Date.from(Instant.parse("2100-01-01T00:00:00Z"))));
    return lasting ? user.setRefreshToken("1//refresh").build() : user.build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@p.iam.gserviceaccount.com", "A@p.IAM.gserviceaccount.com"})
  void account_serviceAccount_isItsEmailInLowerCase(String account) {
    assertThat(SourceCredentials.of(new Signer(account), SCOPE).identity().account())
        .contains("a@p.iam.gserviceaccount.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "my-project.svc.id.goog", "me@example.com"})
  void account_nameOfNoServiceAccount_empty(String account) {
    assertThat(SourceCredentials.of(new Signer(account), SCOPE).identity().account()).isEmpty();
  }

  @Test
  void account_signerThatFails_empty() {
    assertThat(SourceCredentials.of(new Signer(null), SCOPE).identity().account()).isEmpty();
  }

  @Test
  void account_noSigner_empty() {
    assertThat(SourceCredentials.of(new Counting(true, null), SCOPE).identity().account())
        .isEmpty();
  }

  @Test
  void member_serviceAccount_isItsEmailWithThePrefix() throws Exception {
    assertThat(
            SourceCredentials.of(new Signer("a@p.iam.gserviceaccount.com"), SCOPE)
                .identity()
                .member())
        .contains("serviceAccount:a@p.iam.gserviceaccount.com");
  }

  @Test
  void member_unknownCaller_empty() throws Exception {
    assertThat(SourceCredentials.of(new Counting(true, null), SCOPE).identity().member()).isEmpty();
  }

  /** Counts its scoped copies and their tokens. */
  @SuppressWarnings("serial")
  private final class Counting extends GoogleCredentials {
    private final boolean unscoped;
    private final @Nullable String scope;

    Counting(boolean unscoped, @Nullable String scope) {
      this.unscoped = unscoped;
      this.scope = scope;
    }

    @Override
    public boolean createScopedRequired() {
      return unscoped;
    }

    @Override
    public GoogleCredentials createScoped(Collection<String> scopes) {
      copies.incrementAndGet();
      return new Counting(false, String.join(" ", scopes));
    }

    @Override
    public AccessToken refreshAccessToken() {
      assertThat(scope).isEqualTo(SCOPE);
      return new AccessToken(
          "token-" + fetches.incrementAndGet(), Date.from(Instant.parse("2100-01-01T00:00:00Z")));
    }
  }

  /** Issues its token when the latch opens. */
  @SuppressWarnings("serial")
  private final class Hanging extends GoogleCredentials {
    private final CountDownLatch latch = new CountDownLatch(1);

    @Override
    public AccessToken refreshAccessToken() {
      awaitQuietly(latch);
      return new AccessToken(
          "token-" + fetches.incrementAndGet(), Date.from(Instant.parse("2100-01-01T00:00:00Z")));
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("serial")
  private static final class Defective extends GoogleCredentials {
    private final RuntimeException defect;

    Defective(RuntimeException defect) {
      this.defect = defect;
    }

    @Override
    public AccessToken refreshAccessToken() {
      throw defect;
    }
  }

  @SuppressWarnings("serial")
  private static final class Broken extends GoogleCredentials {
    private final IOException failure;

    Broken(IOException failure) {
      this.failure = failure;
    }

    @Override
    public AccessToken refreshAccessToken() throws IOException {
      throw failure;
    }
  }

  /** Belongs to an account, or fails as on a machine outside Compute Engine. */
  @SuppressWarnings("serial")
  private static final class Signer extends GoogleCredentials implements ServiceAccountSigner {
    private final @Nullable String account;

    Signer(@Nullable String account) {
      this.account = account;
    }

    @Override
    public String getAccount() {
      if (account == null) {
        throw new IllegalStateException("No metadata server");
      }
      return account;
    }

    @Override
    public byte[] sign(byte[] toSign) {
      throw new AssertionError("Nothing is signed");
    }
  }
}
