package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static io.github.shortlived.testing.Sa2Policy.binding;
import static io.github.shortlived.testing.Sa2Policy.condition;
import static io.github.shortlived.testing.Sa2Policy.policy;
import static io.github.shortlived.testing.Sa2Policy.tokenCreator;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.v1.AuditConfig;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes of policies: the fields that they replace, the limits, and lost conditions. */
class PolicyWriteTest {
  private static final AuditConfig AUDIT =
      AuditConfig.newBuilder().setService("allServices").build();

  private final IamEmulator emulator = Demo.world().start();
  private IAMClient admin;
  private Sa2Policy sa2;

  @BeforeEach
  void connect() throws IOException {
    admin = Clients.admin(emulator);
    sa2 = new Sa2Policy(admin);
  }

  @AfterEach
  void stop() {
    admin.close();
    emulator.close();
  }

  @Test
  void updateMask_absent_leavesAuditConfigsUnchanged() {
    Policy audited = policy(1, tokenCreator(ADMIN)).toBuilder().addAuditConfigs(AUDIT).build();
    assertThat(sa2.set(audited).getAuditConfigsList()).isEmpty();
    assertThat(sa2.set(audited, "bindings", "etag", "audit_configs").getAuditConfigsList())
        .containsExactly(AUDIT);
    assertThat(sa2.set(policy(1)).getAuditConfigsList()).containsExactly(AUDIT);
  }

  @Test
  void updateMask_withoutBindings_leavesThemUnchanged() {
    Binding conditional = tokenCreator(condition("true"), member(SA1));
    sa2.set(3, conditional);
    Policy audited = Policy.newBuilder().addAuditConfigs(AUDIT).build();
    Policy stored = sa2.set(audited, "audit_configs");
    assertThat(stored.getBindingsList()).containsExactly(conditional);
    assertThat(stored.getVersion()).isEqualTo(3);
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
  }

  @Test
  void updateMask_overRest_isInCamelCase() {
    String path = "/v1/" + name(SA2) + ":setIamPolicy";
    String body =
        "{\"policy\":{\"auditConfigs\":[{\"service\":\"allServices\"}]},\"updateMask\":\"%s\"}";
    HttpResponse<String> stored =
        Wire.as(emulator, ADMIN).post(path, body.formatted("auditConfigs,bindings,etag"));
    assertThat(Wire.json(stored).has("auditConfigs")).isTrue();
    assertThat(Wire.as(emulator, ADMIN).post(path, body.formatted("members")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void principals_upToTheLimit_areAccepted() {
    String[] most = members("user:u%d@example.com", 1_500);
    assertThat(sa2.set(1, tokenCreator(most)).getBindings(0).getMembersCount()).isEqualTo(1_500);
    refused(policy(1, tokenCreator(most), binding("roles/viewer", "user:u0@example.com")));
  }

  @Test
  void groupsAndDomains_upToTheLimit_areAccepted() {
    String[] most = members("group:g%d@example.com", 249);
    Binding again = binding("roles/viewer", "group:g0@example.com", "domain:example.com");
    assertThat(sa2.set(1, tokenCreator(most), again).getBindingsCount()).isEqualTo(2);
    refused(
        policy(1, tokenCreator(most), again.toBuilder().addMembers("domain:example.org").build()));
    Binding onceMore = binding("roles/editor", "domain:example.com"); // each occurrence counts
    refused(policy(1, tokenCreator(most), again, onceMore));
  }

  @Test
  void conditionsOfOneGrant_upToTheLimit_areAccepted() {
    Binding[] most =
        IntStream.range(0, 20).mapToObj(PolicyWriteTest::until).toArray(Binding[]::new);
    Policy accepted = policy(3, most);
    assertThat(sa2.set(accepted).getBindingsCount()).isEqualTo(20);
    assertThat(
            sa2.set(
                    accepted.toBuilder()
                        .addBindings(tokenCreator(condition("true"), ADMIN))
                        .build())
                .getBindingsCount())
        .isEqualTo(21);
    refused(accepted.toBuilder().addBindings(until(20)).build());
  }

  @Test
  void policyReadAtVersionOne_hasOneStableHashPerCondition() {
    sa2.set(3, until(1), until(2));
    Policy shown = sa2.get(1);
    assertThat(shown.getBindings(0).getRole()).isNotEqualTo(shown.getBindings(1).getRole());
    assertThat(sa2.get(1)).isEqualTo(shown);
  }

  @Test
  void policyReadAtVersionOne_writtenBackWithoutEtag_losesTheCondition() {
    sa2.set(3, tokenCreator(condition("true"), member(SA1)), tokenCreator(ADMIN));
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
    Policy shown = sa2.get(1);
    assertThat(sa2.set(shown.toBuilder().clearEtag().build()).getBindingsList())
        .isEqualTo(shown.getBindingsList());
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(403);
    assertThat(sa2.get(3).getVersion()).isEqualTo(1);
  }

  @Test
  void policyReadAtVersionOne_writtenBackWithItsEtag_isRefused() {
    Policy stored = sa2.set(3, tokenCreator(condition("true"), member(SA1)));
    refused(sa2.get(1));
    assertThat(sa2.get(3)).isEqualTo(stored);
  }

  @Test
  void conditionHashes_besideConditions_areRefused() {
    Binding conditional = tokenCreator(condition("true"), member(SA1));
    sa2.set(3, conditional);
    Binding hashed = sa2.get(1).getBindings(0);
    assertThat(Refused.by(() -> sa2.set(3, conditional, hashed)).message())
        .contains("Policy cannot contain both conditions and condition hashes.");
    Binding unknown = binding(hashed.getRole().replace(TOKEN_CREATOR, "roles/x"), ADMIN);
    assertThat(Refused.by(() -> sa2.set(1, unknown)).message())
        .endsWith("is not supported for this resource.");
  }

  private void refused(Policy policy) {
    Policy before = sa2.get(3);
    assertThat(Refused.by(() -> sa2.set(policy)).code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(sa2.get(3)).isEqualTo(before);
  }

  private static String[] members(String form, int count) {
    return IntStream.range(0, count).mapToObj(form::formatted).toArray(String[]::new);
  }

  private static Binding until(int hour) {
    return tokenCreator(condition("request.time.getHours() < " + hour), member(SA1));
  }
}
