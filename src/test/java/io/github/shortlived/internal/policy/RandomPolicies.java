package io.github.shortlived.internal.policy;

import com.google.iam.v1.AuditConfig;
import com.google.iam.v1.AuditLogConfig;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.type.Expr;
import io.github.shortlived.DemoProject;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/** Random policies and grants that have roles, members and conditions in common. */
public final class RandomPolicies {
  public static final ServiceAccount ACCOUNT = DemoProject.TARGET;
  static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");
  static final Instant FUTURE = Instant.parse("2100-01-01T00:00:00Z");

  private static final List<String> ROLES =
      List.of(
          CrossAccountGrant.TOKEN_CREATOR,
          CrossAccountGrant.OPEN_ID_TOKEN_CREATOR,
          "roles/iam.serviceAccountUser");
  private static final List<String> GRANTABLE =
      List.of(
          "user:me@example.com",
          "user:Me@Example.com",
          "group:us@example.com",
          "domain:example.com",
          "serviceAccount:" + DemoProject.CALLER,
          "serviceAccount:demo-project.svc.id.goog[ns/ksa]",
          "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s",
          "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/S",
          "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*");
  private static final List<String> OTHERS =
      List.of(
          "deleted:user:me@example.com?uid=1",
          "deleted:principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s",
          "deleted:principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/S");
  private static final Condition NIGHTS =
      new Condition("nights", "from 20 to 6", "request.time.getHours('UTC') >= 20");

  /** The conditions of expired grants: a sweep removes bindings with these and no others. */
  private static final List<Condition> SWEPT =
      List.of(Condition.until(PAST), NIGHTS.withExpiry(PAST));

  private static final List<Condition> LASTING =
      List.of(
          Condition.until(FUTURE),
          NIGHTS.withExpiry(FUTURE),
          NIGHTS,
          new Condition("nights", "", NIGHTS.expression()),
          Condition.of("nights", "request.time.getHours('UTC') >= 21"));

  /** Conditions of grants that were edited, or that other software named alike. */
  private static final List<Condition> NEARLY_OURS =
      List.of(
          Condition.of(
              "short-lived until " + PAST, "request.time < timestamp('2020-01-01T00:00:00Z')"),
          Condition.of("until the millennium", Condition.until(PAST).expression()),
          Condition.of("short-lived until " + PAST, Condition.until(FUTURE).expression()));

  private RandomPolicies() {}

  /** Returns whether a sweep removes the members of this binding. */
  public static boolean isSwept(Binding binding) {
    return BindingEdits.conditionOf(binding).filter(SWEPT::contains).isPresent();
  }

  /** Any policy that Google may return, and some that it should not. */
  public static final class Any implements ArbitrarySupplier<Policy> {
    @Override
    public Arbitrary<Policy> get() {
      return policies(bindings(members(), 0));
    }
  }

  /** Policies that the emulator accepts; without an etag. */
  public static final class Storable implements ArbitrarySupplier<Policy> {
    @Override
    public Arbitrary<Policy> get() {
      return policies(bindings(members(), 1)).map(policy -> policy.toBuilder().clearEtag().build());
    }
  }

  /** Bindings to grant or to revoke. */
  static final class Wanted
      implements ArbitrarySupplier<List<io.github.shortlived.policy.Binding>> {
    @Override
    public Arbitrary<List<io.github.shortlived.policy.Binding>> get() {
      return wanted(members(), conditions());
    }
  }

  /** Bindings that no rule of grants refuses. */
  public static final class Grantable
      implements ArbitrarySupplier<List<io.github.shortlived.policy.Binding>> {
    @Override
    public Arbitrary<List<io.github.shortlived.policy.Binding>> get() {
      return wanted(Arbitraries.of(GRANTABLE), Arbitraries.of(LASTING));
    }
  }

  private static Arbitrary<List<io.github.shortlived.policy.Binding>> wanted(
      Arbitrary<String> members, Arbitrary<Condition> conditions) {
    return Combinators.combine(Arbitraries.of(ROLES), members, conditions.optional(0.5))
        .as(RandomPolicies::wanted)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static io.github.shortlived.policy.Binding wanted(
      String role, String member, Optional<Condition> condition) {
    return new io.github.shortlived.policy.Binding(
        ACCOUNT, role, Member.inPolicy(member), condition);
  }

  public static Arbitrary<String> members() {
    return Arbitraries.oneOf(Arbitraries.of(GRANTABLE), Arbitraries.of(OTHERS));
  }

  private static Arbitrary<Condition> conditions() {
    return Arbitraries.oneOf(
        Arbitraries.of(SWEPT), Arbitraries.of(LASTING), Arbitraries.of(NEARLY_OURS));
  }

  private static Arbitrary<List<Binding>> bindings(Arbitrary<String> members, int leastMembers) {
    return Combinators.combine(
            Arbitraries.of(ROLES),
            members.list().ofMinSize(leastMembers).ofMaxSize(4),
            exprs().optional(0.5),
            unknown())
        .as(RandomPolicies::binding)
        .list()
        .ofMaxSize(6);
  }

  private static Arbitrary<Expr> exprs() {
    return Combinators.combine(conditions(), Arbitraries.of("", "policy.txt:7"))
        .as(
            (condition, location) ->
                BindingEdits.toExpr(condition).toBuilder().setLocation(location).build());
  }

  private static Binding binding(
      String role, List<String> members, Optional<Expr> condition, UnknownFieldSet unknown) {
    Binding.Builder binding =
        Binding.newBuilder().setRole(role).addAllMembers(members).setUnknownFields(unknown);
    condition.ifPresent(binding::setCondition);
    return binding.build();
  }

  private static Arbitrary<Policy> policies(Arbitrary<List<Binding>> bindings) {
    return Combinators.combine(
            bindings,
            audits(),
            unknown(),
            Arbitraries.strings().ofMinLength(1).ofMaxLength(8),
            versions())
        .as(RandomPolicies::policy);
  }

  private static Policy policy(
      List<Binding> bindings,
      List<AuditConfig> audits,
      UnknownFieldSet unknown,
      String etag,
      int version) {
    boolean conditional = bindings.stream().anyMatch(Binding::hasCondition);
    return Policy.newBuilder()
        .addAllBindings(bindings)
        .addAllAuditConfigs(audits)
        .setUnknownFields(unknown)
        .setEtag(ByteString.copyFromUtf8(etag))
        .setVersion(conditional ? 3 : version)
        .build();
  }

  private static Arbitrary<Integer> versions() {
    return Arbitraries.of(0, 1, 3);
  }

  private static Arbitrary<UnknownFieldSet> unknown() {
    return Arbitraries.of(
        UnknownFieldSet.getDefaultInstance(), ForeignPolicy.future(7), ForeignPolicy.future(42));
  }

  private static Arbitrary<List<AuditConfig>> audits() {
    return Combinators.combine(Arbitraries.of("allServices", "iam.googleapis.com"), members())
        .as(RandomPolicies::audit)
        .list()
        .ofMaxSize(2);
  }

  private static AuditConfig audit(String service, String exempted) {
    return AuditConfig.newBuilder()
        .setService(service)
        .addAuditLogConfigs(
            AuditLogConfig.newBuilder()
                .setLogType(AuditLogConfig.LogType.DATA_READ)
                .addExemptedMembers(exempted))
        .build();
  }
}
