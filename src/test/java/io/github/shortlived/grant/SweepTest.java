package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Grants that a sweep finds, with a fixed clock. */
class SweepTest {
  private static final Instant END = Instant.parse("2026-11-22T12:00:00Z");

  private final List<String> pages = new ArrayList<>();

  private Policy expiring() {
    Policy empty = Policy.newBuilder().setEtag(ByteString.copyFromUtf8("1")).build();
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(CALLER).on(TARGET).until(END);
    MemoryPolicies policies = new MemoryPolicies(empty);
    policies.grants(Instant.EPOCH).apply(grant);
    return policies.policy;
  }

  @Test
  void planSweep_atTheEnd_findsIt() {
    Grants grants = new MemoryPolicies(expiring()).grants(END);
    assertThat(grants.planSweep(List.of(TARGET)).changes()).hasSize(1);
  }

  @Test
  void planSweep_momentBeforeTheEnd_leavesIt() {
    Grants grants = new MemoryPolicies(expiring()).grants(END.minusNanos(1));
    assertThat(grants.planSweep(List.of(TARGET)).isEmpty()).isTrue();
  }

  @Test
  void planSweepOfProject_severalPages_readsEach() {
    Grants grants = new TwoPages(expiring()).grants(END);
    assertThat(grants.planSweepOfProject("p").changes())
        .extracting(change -> change.binding().account())
        .containsExactly(account("a"), account("b"));
    assertThat(pages).containsExactly("", "next");
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@p.iam.gserviceaccount.com");
  }

  /** One policy for each of two accounts, which are listed on two pages. */
  private final class TwoPages extends MemoryPolicies {
    private TwoPages(Policy policy) {
      super(policy);
    }

    @Override
    public ListServiceAccountsResponse accounts(
        String projectId, String pageToken, Deadline deadline) {
      pages.add(pageToken);
      boolean first = pageToken.isEmpty();
      ListServiceAccountsResponse.Builder page =
          ListServiceAccountsResponse.newBuilder().setNextPageToken(first ? "next" : "");
      page.addAccountsBuilder().setEmail(account(first ? "a" : "b").id());
      return page.build();
    }
  }
}
