package io.github.shortlived.audit;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Policies that a test defines, with a record of the reads. */
final class WrittenPolicies {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final ListMultimap<ServiceAccount, Binding> bindings = ArrayListMultimap.create();
  private final Map<ServiceAccount, Integer> refusals = new HashMap<>();
  final List<ServiceAccount> read = new ArrayList<>();

  static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@p.iam.gserviceaccount.com");
  }

  static Member member(String name) {
    return Member.of(account(name));
  }

  /** Grants the token creator role on the account to each of these accounts. */
  WrittenPolicies creators(String on, String... names) {
    Stream.of(names).forEach(name -> bind(on, CrossAccountGrant.TOKEN_CREATOR, member(name), null));
    return this;
  }

  WrittenPolicies bind(String on, String role, Member member, @Nullable Condition condition) {
    bindings.put(
        account(on), new Binding(account(on), role, member, Optional.ofNullable(condition)));
    return this;
  }

  WrittenPolicies refuse(String account, int httpStatus) {
    refusals.put(account(account), httpStatus);
    return this;
  }

  AccountAccess access(ServiceAccount account) {
    read.add(account);
    Integer refusal = refusals.get(account);
    if (refusal != null) {
      HttpResponseException cause =
          new HttpResponseException.Builder(refusal, "", new HttpHeaders()).build();
      throw InternalExceptions.translate(cause, "Reading the policy of " + account);
    }
    return AccountAccess.of(account, NOW, bindings.get(account));
  }

  /** Finds the paths from {@code caller} to {@code t} through these accounts. */
  AccessPaths find(String... accounts) {
    return find(member("caller"), accounts);
  }

  AccessPaths find(Member caller, String... accounts) {
    return new PathAudit(
            this::access,
            caller,
            account("t"),
            Stream.of(accounts).map(WrittenPolicies::account).toList())
        .run(NOW);
  }
}
