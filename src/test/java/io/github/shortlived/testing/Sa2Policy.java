package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.name;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.v1.Binding;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.GetPolicyOptions;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.protobuf.FieldMask;
import com.google.type.Expr;
import java.util.List;

/** Changes the policy of sa-2 as an administrator, and checks its effect. */
public record Sa2Policy(IAMClient admin) {
  Policy get(int version) {
    return admin.getIamPolicy(
        GetIamPolicyRequest.newBuilder()
            .setResource(name(SA2))
            .setOptions(GetPolicyOptions.newBuilder().setRequestedPolicyVersion(version))
            .build());
  }

  Policy set(Policy policy, String... mask) {
    return admin.setIamPolicy(
        SetIamPolicyRequest.newBuilder()
            .setResource(name(SA2))
            .setPolicy(policy)
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(mask)))
            .build());
  }

  Policy set(int version, Binding... bindings) {
    return set(policy(version, bindings));
  }

  public static Policy policy(int version, Binding... bindings) {
    return Policy.newBuilder().setVersion(version).addAllBindings(List.of(bindings)).build();
  }

  static Binding binding(String role, String... members) {
    return Binding.newBuilder().setRole(role).addAllMembers(List.of(members)).build();
  }

  public static Binding tokenCreator(String... members) {
    return binding(TOKEN_CREATOR, members);
  }

  public static Binding tokenCreator(Expr condition, String... members) {
    return tokenCreator(members).toBuilder().setCondition(condition).build();
  }

  static Expr condition(String expression) {
    return Expr.newBuilder().setTitle("sometimes").setExpression(expression).build();
  }

  /** Returns the HTTP status of a request for an access token of {@code target}. */
  public static int tokenStatus(IamEmulator emulator, String caller, String target) {
    return tokenStatus(Wire.as(emulator, caller), target);
  }

  public static int tokenStatus(Wire caller, String target) {
    return caller
        .post(
            "/v1/" + name(target) + ":generateAccessToken",
            "{\"scope\":[\"" + CLOUD_PLATFORM + "\"],\"lifetime\":\"300s\"}")
        .statusCode();
  }
}
