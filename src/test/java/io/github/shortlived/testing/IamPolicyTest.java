package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.email;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.v1.Binding;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.GetPolicyOptions;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.protobuf.ByteString;
import com.google.type.Expr;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Policies of service accounts: versions, etags, members and their effect on calls. */
class IamPolicyTest {
  private static final Expr ALWAYS =
      Expr.newBuilder().setTitle("always").setExpression("true").build();

  @AutoClose private final IamEmulator emulator = Demo.world().start();
  @AutoClose private final IAMClient admin = Clients.admin(emulator);

  @Test
  void setIamPolicy_grantAndRevoke_decideTheNextCall() {
    assertThat(mintsAsSa1()).isEqualTo(403);
    Policy granted = set(policy(binding(member(SA1))));
    assertThat(mintsAsSa1()).isEqualTo(200);
    set(granted.toBuilder().clearBindings().build());
    assertThat(mintsAsSa1()).isEqualTo(403);
  }

  @Test
  void setIamPolicy_withCurrentEtag_changesIt() {
    Policy before = get(3);
    assertThat(before.getEtag()).isNotEqualTo(ByteString.EMPTY);
    Policy after = set(before.toBuilder().addBindings(binding(ADMIN)).build());
    assertThat(after.getEtag()).isNotEqualTo(before.getEtag());
    assertThat(get(3)).isEqualTo(after);
  }

  @Test
  void setIamPolicy_withStaleEtag_isAborted() {
    Policy stale = get(3);
    Policy current = set(policy(binding(ADMIN)));
    Refused refused = Refused.by(() -> set(stale));
    assertThat(refused.code()).isEqualTo(Code.ABORTED);
    assertThat(refused.message())
        .contains("There were concurrent policy changes. Please retry the whole");
    assertThat(get(3)).isEqualTo(current);
  }

  @Test
  void setIamPolicy_withoutEtag_overwrites() {
    set(policy(conditional()).toBuilder().setVersion(3).build());
    Policy blind = set(policy(binding(ADMIN)));
    assertThat(blind.getBindingsList()).containsExactly(binding(ADMIN));
  }

  @Test
  void setIamPolicy_everythingElse_isUnchanged() {
    Binding viewer =
        binding(ADMIN).toBuilder()
            .setRole("roles/viewer")
            .addMembers("group:g@example.com")
            .build();
    Binding empty = Binding.newBuilder().setRole("roles/editor").build();
    Policy stored = set(policy(viewer, empty, binding(ADMIN)));
    assertThat(stored.getBindingsList()).containsExactly(viewer, binding(ADMIN));
    assertThat(stored.getVersion()).isEqualTo(1);
  }

  @Test
  void getIamPolicy_conditionalAtVersionOne_isDowngraded() {
    set(policy(conditional(), binding(ADMIN)).toBuilder().setVersion(3).build());
    assertThat(get(3).getVersion()).isEqualTo(3);
    assertThat(get(3).getBindings(0)).isEqualTo(conditional());
    Policy downgraded = get(1);
    assertThat(downgraded.getVersion()).isEqualTo(1);
    assertThat(downgraded.getBindings(0).hasCondition()).isFalse();
    assertThat(downgraded.getBindings(0).getRole())
        .matches(TOKEN_CREATOR + "_withcond_[0-9a-f]{20}");
    assertThat(downgraded.getBindings(1)).isEqualTo(binding(ADMIN));
  }

  @Test
  void setIamPolicy_conditionalBelowVersionThree_isRefused() {
    assertThat(Refused.by(() -> set(policy(conditional()))).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
    Policy stored = set(policy(conditional()).toBuilder().setVersion(3).build());
    Policy losing = policy(binding(ADMIN)).toBuilder().setEtag(stored.getEtag()).build();
    assertThat(Refused.by(() -> set(losing)).code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(set(losing.toBuilder().setVersion(3).build()).getVersion()).isEqualTo(1);
  }

  @Test
  void setIamPolicy_conditionalBindingWithoutMembers_leavesVersionOne() {
    Binding withoutMembers = conditional().toBuilder().clearMembers().build();
    assertThat(set(policy(withoutMembers).toBuilder().setVersion(3).build()).getVersion())
        .isEqualTo(1);
  }

  @Test
  void setIamPolicy_serviceAccountAsUser_isRefused() {
    Refused refused = Refused.by(() -> set(policy(binding("user:" + SA1))));
    assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.message())
        .endsWith(
            "Principal %s is of type \"serviceAccount\". The principal should appear as \"serviceAccount:%s\"."
                .formatted(SA1, SA1));
  }

  @Test
  void setIamPolicy_unknownMember_isRefused() {
    String ghost = email("ghost");
    Refused refused = Refused.by(() -> set(policy(binding(member(ghost)))));
    assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.message()).endsWith("Service account " + ghost + " does not exist.");
    String shouted = "serviceAccount:" + email("GHOST");
    assertThat(Refused.by(() -> set(policy(binding(shouted)))).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
    set(policy(binding("serviceAccount:" + email("SA-1"))));
    set(policy(binding("serviceAccount:ci@elsewhere.iam.gserviceaccount.com")));
  }

  @Test
  void setIamPolicy_memberSyntax_isChecked() {
    for (String good :
        List.of(
            "user:a@b.c",
            "group:a@b.c",
            "domain:b.c",
            "allUsers",
            "allAuthenticatedUsers",
            "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s",
            "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*",
            "serviceAccount:demo-project.svc.id.goog[ns/app]",
            "deleted:serviceAccount:x@y.iam.gserviceaccount.com?uid=1",
            "deleted:user:a@b.c?uid=2",
            "deleted:group:a@b.c?uid=3",
            "deleted:principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s")) {
      set(policy(binding(good)));
    }
    for (String bad :
        List.of(
            "",
            "a@b.c",
            "user:",
            "user:a",
            "robot:a@b.c",
            "user:a b@c.d",
            "principalSet://iam.googleapis.com/x/*",
            "user:a@b.c?uid=1",
            "deleted:ghost",
            "deleted:robot:a@b.c?uid=1",
            "deleted:serviceAccount:x@y.iam.gserviceaccount.com",
            "deleted:serviceAccount:x@y.iam.gserviceaccount.com?uid=x")) {
      assertThat(Refused.by(() -> set(policy(binding(bad)))).code())
          .isEqualTo(Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void setIamPolicy_unsupportedRole_isRefused() {
    for (String role : List.of("roles/x", "roles/compute.viewer", "")) {
      Refused refused =
          Refused.by(() -> set(policy(binding(ADMIN).toBuilder().setRole(role).build())));
      assertThat(refused.message())
          .endsWith("Role " + role + " is not supported for this resource.");
    }
  }

  @Test
  void policyVersion_unknown_isRefused() {
    assertThat(Refused.by(() -> get(2)).code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(Refused.by(() -> set(Policy.newBuilder().setVersion(4).build())).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void policies_withoutGrant_areDenied() throws IOException {
    try (IAMClient sa1 = Clients.iam(emulator, emulator.googleCredentials(member(SA1)))) {
      assertThat(Refused.by(() -> sa1.getIamPolicy(reading(3))).permission())
          .isEqualTo("iam.serviceAccounts.getIamPolicy");
      assertThat(Refused.by(() -> sa1.setIamPolicy(writing(policy()))).permission())
          .isEqualTo("iam.serviceAccounts.setIamPolicy");
    }
  }

  private int mintsAsSa1() {
    return Wire.as(emulator, member(SA1))
        .post(
            "/v1/" + name(SA2) + ":generateAccessToken",
            "{\"scope\":[\"" + CLOUD_PLATFORM + "\"],\"lifetime\":\"300s\"}")
        .statusCode();
  }

  private Policy get(int version) {
    return admin.getIamPolicy(reading(version));
  }

  private Policy set(Policy policy) {
    return admin.setIamPolicy(writing(policy));
  }

  private static GetIamPolicyRequest reading(int version) {
    return GetIamPolicyRequest.newBuilder()
        .setResource(name(SA2))
        .setOptions(GetPolicyOptions.newBuilder().setRequestedPolicyVersion(version))
        .build();
  }

  private static SetIamPolicyRequest writing(Policy policy) {
    return SetIamPolicyRequest.newBuilder().setResource(name(SA2)).setPolicy(policy).build();
  }

  private static Policy policy(Binding... bindings) {
    return Policy.newBuilder().addAllBindings(List.of(bindings)).build();
  }

  private static Binding binding(String member) {
    return Binding.newBuilder().setRole(TOKEN_CREATOR).addMembers(member).build();
  }

  private static Binding conditional() {
    return binding(member(SA1)).toBuilder().setCondition(ALWAYS).build();
  }
}
