package io.github.shortlived.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTest {
  private static final URI ONE = URI.create("https://one.example.com");
  private static final URI OTHER = URI.create("https://other.example.com");
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  private final AtomicInteger copies = new AtomicInteger();
  private final AtomicInteger fetches = new AtomicInteger();

  @Test
  void of_unscopedCredentials_areScopedOnce() throws Exception {
    Source source = Source.of(new Counting(true, null), SCOPE);
    source.headersFor(ONE);
    source.headersFor(OTHER);

    assertThat(copies).hasValue(1);
  }

  @Test
  void of_scopedCredentials_areTakenAsTheyAre() {
    Counting credentials = new Counting(false, null);

    assertThat(Source.of(credentials, SCOPE).scoped()).isSameAs(credentials);
  }

  @Test
  void of_sourceOfASource_sharesTheToken() throws Exception {
    Source first = Source.of(new Counting(true, null), SCOPE);
    Source second = Source.of(first.scoped(), SCOPE);
    first.headersFor(ONE);
    second.headersFor(ONE);

    assertThat(fetches).hasValue(1);
  }

  @Test
  void headersFor_manyServices_costsOneToken() throws Exception {
    Source source = Source.of(new Counting(true, null), SCOPE);
    Map<String, List<String>> first = source.headersFor(ONE);
    Map<String, List<String>> second = source.headersFor(OTHER);

    assertThat(second).isEqualTo(first).containsEntry("Authorization", List.of("Bearer token-1"));
    assertThat(fetches).hasValue(1);
  }

  @Test
  void headersFor_brokenSource_saysSo() {
    IOException broken = new IOException("Bad key");
    Source source = Source.of(new Broken(broken), SCOPE);

    assertThatThrownBy(() -> source.headersFor(ONE))
        .isInstanceOf(SourceFailureException.class)
        .hasMessage("Bad key")
        .hasCause(broken);
  }

  @Test
  void headersFor_expiredTokenThatCannotBeRenewed_saysSo() {
    AccessToken expired = new AccessToken("token", Date.from(Instant.EPOCH));
    Source source = Source.of(GoogleCredentials.create(expired), SCOPE);

    assertThatThrownBy(() -> source.headersFor(ONE))
        .isInstanceOf(SourceFailureException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void account_serviceAccount_isItsEmail() {
    assertThat(Source.of(new Signer("a@p.iam.gserviceaccount.com"), SCOPE).account())
        .contains("a@p.iam.gserviceaccount.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "my-project.svc.id.goog", "me@example.com"})
  void account_nameOfNoServiceAccount_empty(String account) {
    assertThat(Source.of(new Signer(account), SCOPE).account()).isEmpty();
  }

  @Test
  void account_signerThatCannotTell_empty() {
    assertThat(Source.of(new Signer(null), SCOPE).account()).isEmpty();
  }

  @Test
  void account_noSigner_empty() {
    assertThat(Source.of(new Counting(true, null), SCOPE).account()).isEmpty();
  }

  @Test
  void member_serviceAccount_isItsEmailWithItsKind() throws Exception {
    assertThat(Source.of(new Signer("a@p.iam.gserviceaccount.com"), SCOPE).member())
        .contains("serviceAccount:a@p.iam.gserviceaccount.com");
  }

  @Test
  void member_nobodyKnown_empty() throws Exception {
    assertThat(Source.of(new Counting(true, null), SCOPE).member()).isEmpty();
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

  /** Belongs to an account, or fails to tell as on a machine off Compute Engine. */
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
      throw new AssertionError("Nothing is to be signed");
    }
  }
}
