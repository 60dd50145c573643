package io.github.shortlived.internal.policy;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.v1.AuditConfig;
import com.google.iam.v1.AuditLogConfig;
import com.google.iam.v1.Binding;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.UnknownFieldSet;
import com.google.type.Expr;
import io.github.shortlived.DemoProject;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.model.ServiceAccount;
import java.util.List;
import java.util.function.Predicate;

/** The changes of other software: it writes policies through Google's client directly. */
public final class ForeignPolicy {
  public static final String NIGHT_SHIFT = "user:night-shift@example.com";
  public static final String DAY_SHIFT = "user:day-shift@example.com";

  private ForeignPolicy() {}

  /** Returns a policy with everything that one can contain, including unknown fields. */
  public static Policy everything() {
    return Policy.newBuilder()
        .setVersion(3)
        .addBindings(binding("roles/iam.serviceAccountUser", DAY_SHIFT, NIGHT_SHIFT))
        .addBindings(expired().toBuilder().setUnknownFields(future(7)))
        .addBindings(binding(CrossAccountGrant.TOKEN_CREATOR, DAY_SHIFT))
        .addBindings(
            binding(CrossAccountGrant.TOKEN_CREATOR, NIGHT_SHIFT).toBuilder()
                .setCondition(
                    Expr.newBuilder()
                        .setTitle("nights")
                        .setDescription("from 20 to 6")
                        .setExpression("request.time.getHours('UTC') >= 20")
                        .setLocation("policy.txt:7")))
        .addAuditConfigs(
            AuditConfig.newBuilder()
                .setService("allServices")
                .addAuditLogConfigs(
                    AuditLogConfig.newBuilder()
                        .setLogType(AuditLogConfig.LogType.DATA_READ)
                        .addExemptedMembers(DAY_SHIFT)))
        .setUnknownFields(future(42))
        .build();
  }

  /** Returns a binding that other software wrote and that expired long ago. */
  static Binding expired() {
    return binding(CrossAccountGrant.TOKEN_CREATOR, NIGHT_SHIFT).toBuilder()
        .setCondition(
            Expr.newBuilder()
                .setTitle("until the millennium")
                .setExpression("request.time < timestamp('2000-01-01T00:00:00Z')"))
        .build();
  }

  public static Binding binding(String role, String... members) {
    return Binding.newBuilder().setRole(role).addAllMembers(List.of(members)).build();
  }

  static UnknownFieldSet future(int value) {
    return UnknownFieldSet.newBuilder()
        .addField(777, UnknownFieldSet.Field.newBuilder().addVarint(value).build())
        .build();
  }

  /** Returns the policy without these members and without its etag. */
  public static ByteString without(Predicate<String> ours, Policy policy) {
    Policy.Builder rest = policy.toBuilder().clearEtag().clearBindings();
    for (Binding binding : policy.getBindingsList()) {
      List<String> others =
          binding.getMembersList().stream().filter(member -> !ours.test(member)).toList();
      if (!others.isEmpty()) {
        rest.addBindings(binding.toBuilder().clearMembers().addAllMembers(others));
      }
    }
    return rest.build().toByteString();
  }

  /** Writes the policy with its audit settings, which need an update mask. */
  public static void write(DemoProject demo, ServiceAccount account, Policy policy)
      throws Exception {
    SetIamPolicyRequest request =
        SetIamPolicyRequest.newBuilder()
            .setResource(account.resourceName())
            .setPolicy(policy)
            .setUpdateMask(
                FieldMask.newBuilder()
                    .addPaths("bindings")
                    .addPaths("etag")
                    .addPaths("audit_configs"))
            .build();
    try (GoogleApiClient<IAMClient> client =
        GoogleApiClient.iam(demo.emulator().endpoints().iam())) {
      client.call(
          "setIamPolicy",
          IAMClient::setIamPolicyCallable,
          request,
          EmulatedPolicies.sourceOf(demo),
          EmulatedPolicies.DEADLINE);
    }
  }

  /** Reads the policy as software does that does not know conditions. */
  public static Policy readAtVersion1(DemoProject demo, ServiceAccount account) throws Exception {
    GetIamPolicyRequest request =
        GetIamPolicyRequest.newBuilder().setResource(account.resourceName()).build();
    try (GoogleApiClient<IAMClient> client =
        GoogleApiClient.iam(demo.emulator().endpoints().iam())) {
      return client.call(
          "getIamPolicy",
          IAMClient::getIamPolicyCallable,
          request,
          EmulatedPolicies.sourceOf(demo),
          EmulatedPolicies.DEADLINE);
    }
  }
}
