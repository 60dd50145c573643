package io.github.shortlived;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.Source;
import java.util.List;
import java.util.Optional;

/** What source credentials need to be granted themselves, where they impersonate an account. */
final class SourceGrants {
  static final String WORKLOAD_IDENTITY_USER = "roles/iam.workloadIdentityUser";

  private SourceGrants() {}

  /** Those inside them first, in the order a request travels. */
  static List<RequiredGrant> all(GoogleCredentials source) {
    ImmutableList.Builder<RequiredGrant> grants = ImmutableList.builder();
    if (source instanceof ImpersonatedCredentials impersonated) {
      grants.addAll(all(impersonated.getSourceCredentials()));
    }
    boolean acts =
        source instanceof ImpersonatedCredentials || source instanceof ExternalAccountCredentials;
    return grants.addAll(acts ? of(source) : List.of()).build();
  }

  /**
   * Without those inside them, in the order a request travels; none where they do not tell whom
   * they impersonate.
   */
  static List<RequiredGrant> of(GoogleCredentials impersonator) {
    try {
      return impersonator instanceof ImpersonatedCredentials impersonated
          ? ofImpersonated(impersonated)
          : ofFederated((ExternalAccountCredentials) impersonator);
    } catch (CredentialException.InvalidRequest e) {
      return List.of(); // A name that is none: it is a message about something else.
    }
  }

  private static List<RequiredGrant> ofImpersonated(ImpersonatedCredentials impersonated) {
    return IamCredentialsIssuer.requiredGrants(
        SelfIssuer.impersonatedTarget(impersonated),
        Source.of(impersonated.getSourceCredentials(), Scopes.CLOUD_PLATFORM));
  }

  /** Which principal of its pool it is, only the Security Token Service knows. */
  private static List<RequiredGrant> ofFederated(ExternalAccountCredentials federated) {
    return Optional.ofNullable(federated.getServiceAccountEmail())
        .map(ServiceAccount::of)
        .map(account -> new RequiredGrant(account, WORKLOAD_IDENTITY_USER, Optional.empty()))
        .stream()
        .toList();
  }
}
