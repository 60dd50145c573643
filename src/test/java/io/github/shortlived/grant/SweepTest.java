package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

  @Test
  void planSweepOfProject_oneAccountNotReadable_sweepsTheRestAndSaysWhy() {
    TwoPages policies = new TwoPages(expiring());
    policies.unreadable = account("a");

    GrantPlan plan = policies.grants(END).planSweepOfProject("p");

    assertThat(plan.changes())
        .extracting(change -> change.binding().account())
        .containsExactly(account("b"));
    assertThat(plan.notExamined())
        .extracting(GrantPlan.NotExamined::account)
        .containsExactly(account("a"));
    assertThat(plan.toString())
        .contains("\n? %s was not examined: Reading the policy of ".formatted(account("a")));
    plan.apply();
    assertThat(policies.policy.getBindingsList()).isEmpty();
  }

  @Test
  void planSweepOfProject_placeholderRole_sweepsTheRest() {
    TwoPages policies = new TwoPages(expiring());
    policies.placeholder = account("b");

    GrantPlan plan = policies.grants(END).planSweepOfProject("p");

    assertThat(plan.changes())
        .extracting(change -> change.binding().account())
        .containsExactly(account("a"));
    assertThat(plan.notExamined())
        .singleElement()
        .satisfies(left -> assertThat(left.failure()).hasMessageContaining("placeholder"));
  }

  @Test
  void planSweepOfProject_noAccountReadable_fails() {
    TwoPages policies = new TwoPages(expiring());
    policies.unreadable = account("a");
    policies.alsoUnreadable = account("b");

    assertThatThrownBy(() -> policies.grants(END).planSweepOfProject("p"))
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining(account("a").id());
  }

  @Test
  void apply_sweepOfAnAccountDeletedMeanwhile_sweepsTheOthersThenFails() {
    TwoPages policies = new TwoPages(expiring());
    GrantPlan plan = policies.grants(END).planSweepOfProject("p");
    policies.unreadable = account("a");

    assertThatThrownBy(plan::apply).hasMessageContaining(account("a").id());

    assertThat(policies.policy.getBindingsList()).isEmpty();
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@p.iam.gserviceaccount.com");
  }

  /** One policy for each of two accounts, which are listed on two pages. */
  private final class TwoPages extends MemoryPolicies {
    private @Nullable ServiceAccount unreadable;
    private @Nullable ServiceAccount alsoUnreadable;
    private @Nullable ServiceAccount placeholder;

    private TwoPages(Policy policy) {
      super(policy);
    }

    @Override
    public Policy read(ServiceAccount account, Deadline deadline) {
      if (account.equals(unreadable) || account.equals(alsoUnreadable)) {
        throw new UncheckedIOException(new IOException("No such account"));
      }
      Policy read = super.read(account, deadline);
      return account.equals(placeholder)
          ? read.toBuilder()
              .addBindings(Binding.newBuilder().setRole("roles/x_withcond_0123456789abcdef0123"))
              .build()
          : read;
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
