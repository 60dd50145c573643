package io.github.shortlived.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The accounts of one call share its total timeout. */
class PolicyEditorDeadlineTest {
  private static final Duration TOTAL = Duration.ofHours(3);
  private static final CrossAccountGrant CHAIN =
      CrossAccountGrant.tokenCreator(account(0))
          .along(DelegationChain.through(account(1), account(2)).to(account(3)));

  private final ShortLivedCredentials credentials =
      ShortLivedCredentials.builder()
          .source(GoogleCredentials.create(new AccessToken("none", null)))
          .retryPolicy(RetryPolicy.none().withTotalTimeout(TOTAL))
          .build();
  private final Recorder policies = new Recorder();
  private final PolicyEditor editor =
      new PolicyEditor(InternalCredentials.context(credentials), policies);

  @AfterEach
  void close() {
    editor.close();
    credentials.close();
  }

  private static ServiceAccount account(int number) {
    return ServiceAccount.of("a%d@p.iam.gserviceaccount.com".formatted(number));
  }

  @Test
  void edit_chain_hasOneDeadline() {
    editor.edit(List.of(), PolicyEdits.of(Kind.ADDED, CHAIN.bindings()), applied -> {});

    assertThat(policies.deadlines).hasSize(6);
    assertOneDeadline();
  }

  @Test
  void plan_chain_hasOneDeadline() {
    PolicyPlanner planner = new PolicyPlanner(editor.policies());
    assertThat(planner.plan(PolicyEdits.of(Kind.ADDED, CHAIN.bindings()))).hasSize(3);

    assertThat(policies.deadlines).hasSize(3);
    assertOneDeadline();
  }

  private void assertOneDeadline() {
    long first = policies.deadlines.get(0).endNanos();
    // Each step measures what remains anew; the difference stays far below another timeout.
    assertThat(policies.deadlines)
        .allSatisfy(
            each ->
                assertThat(Duration.ofNanos(each.endNanos() - first).abs())
                    .isLessThan(TOTAL.dividedBy(3)));
  }

  @Test
  void editAll_firstAccountFails_leavesTheOthersTheirShare() {
    policies.failing = true;

    assertThatThrownBy(
            () ->
                editor.editAll(
                    List.of(),
                    PolicyEdits.of(Kind.REMOVED, CHAIN.bindings()),
                    Map.of(),
                    a -> {},
                    account -> {}))
        .isInstanceOf(CredentialException.class)
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));

    assertThat(policies.remaining.get(0)).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
    assertThat(policies.remaining.get(2)).isGreaterThan(Duration.ofHours(2));
  }

  @Test
  void share_manyAccounts_isAtLeastFiveSeconds() {
    Deadline total = editor.policies().deadline();

    assertThat(editor.policies().share(total, 1_000_000).remaining())
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
    assertThat(
            IntStream.of(1, 2, 3)
                .mapToObj(n -> editor.policies().share(total, n).remaining().toMinutes()))
        .containsExactly(179L, 89L, 59L);
  }

  /** An empty policy for each account; records the deadlines. */
  private static final class Recorder implements PolicyStore {
    private final List<Deadline> deadlines = new ArrayList<>();
    private final List<Duration> remaining = new ArrayList<>();
    private boolean failing;

    private void record(Deadline deadline) throws IOException {
      deadlines.add(deadline);
      remaining.add(deadline.remaining());
      if (failing) {
        throw new IOException("Refused");
      }
    }

    @Override
    public Policy read(ServiceAccount account, Deadline deadline) throws IOException {
      record(deadline);
      return Policy.newBuilder().setEtag(ByteString.copyFromUtf8("1")).build();
    }

    @Override
    public void write(ServiceAccount account, Policy policy, Deadline deadline) throws IOException {
      record(deadline);
    }

    @Override
    public ListServiceAccountsResponse accounts(
        String projectId, String pageToken, Deadline deadline) {
      return ListServiceAccountsResponse.getDefaultInstance();
    }

    @Override
    public void close() {}
  }
}
