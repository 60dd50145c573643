package io.github.shortlived.diagnosis;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.common.collect.ImmutableList;
import io.github.shortlived.Member;
import io.github.shortlived.RequiredGrant;
import io.github.shortlived.Scopes;
import io.github.shortlived.ServiceAccount;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.TokenPermission;
import io.github.shortlived.internal.Source;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What source credentials need to be granted themselves, where they impersonate an account. */
final class SourceGrants {
  private SourceGrants() {}

  /** In travel order, the account that calls last; empty where nobody is impersonated. */
  static List<RequiredGrant> of(GoogleCredentials source) {
    if (source instanceof ImpersonatedCredentials impersonated) {
      return ofImpersonated(impersonated);
    }
    return source instanceof ExternalAccountCredentials federated
        ? ofFederated(federated)
        : List.of();
  }

  private static List<RequiredGrant> ofImpersonated(ImpersonatedCredentials impersonated) {
    GoogleCredentials inner = impersonated.getSourceCredentials();
    Optional<Member> member =
        Source.of(inner, Scopes.CLOUD_PLATFORM).memberIfKnown().map(Member::of);
    Route route = new Route(member, accounts(impersonated), TokenPermission.ACCESS_TOKEN);
    return ImmutableList.<RequiredGrant>builder()
        .addAll(of(inner))
        .addAll(
            IntStream.rangeClosed(1, route.length())
                .mapToObj(route::link)
                .map(Stage.Link::grant)
                .iterator())
        .build();
  }

  private static List<ServiceAccount> accounts(ImpersonatedCredentials impersonated) {
    List<String> delegates =
        Optional.ofNullable(impersonated.toBuilder().getDelegates()).orElse(List.of());
    return Stream.concat(delegates.stream(), Stream.of(impersonated.getAccount()))
        .map(ServiceAccount::of)
        .toList();
  }

  /** Which principal of its pool it is, only the Security Token Service knows. */
  private static List<RequiredGrant> ofFederated(ExternalAccountCredentials federated) {
    return Optional.ofNullable(federated.getServiceAccountEmail())
        .map(ServiceAccount::of)
        .map(
            account ->
                new RequiredGrant(
                    account, CrossAccountGrant.WORKLOAD_IDENTITY_USER, Optional.empty()))
        .stream()
        .toList();
  }
}
