package io.github.shortlived.internal.client;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import java.util.List;
import java.util.Optional;

/** The grants that impersonating source credentials need, in the order a request travels. */
public final class RequiredGrants {
  private RequiredGrants() {}

  /**
   * Returns the grants that source credentials need which impersonate an account, those of the
   * credentials inside them first; empty for all others.
   */
  public static List<RequiredGrant> ofAllSources(GoogleCredentials source) {
    ImmutableList.Builder<RequiredGrant> grants = ImmutableList.builder();
    if (source instanceof ImpersonatedCredentials impersonated) {
      grants.addAll(ofAllSources(impersonated.getSourceCredentials()));
    }
    return grants.addAll(ofSource(source)).build();
  }

  /**
   * Returns only the grants of the outermost credentials; empty if they do not report which account
   * they impersonate.
   */
  public static List<RequiredGrant> ofSource(GoogleCredentials source) {
    try {
      if (source instanceof ImpersonatedCredentials impersonated) {
        return RequestTarget.of(impersonated)
            .requiredGrants(
                IamRoles.TOKEN_CREATOR,
                SourceCredentials.of(impersonated.getSourceCredentials(), Scopes.CLOUD_PLATFORM));
      } else if (source instanceof ExternalAccountCredentials federated) {
        return ofFederated(federated);
      }
    } catch (CredentialException.InvalidRequest e) {
      // A malformed name: the message is about something else.
    }
    return List.of();
  }

  /** Returns the grant of this role that the caller itself needs; may block to identify it. */
  public static List<RequiredGrant> ofCaller(
      SourceCredentials source, ServiceAccount account, String role) {
    return List.of(new RequiredGrant(account, role, source.identity().memberIfKnown()));
  }

  /** The member stays empty: only the Security Token Service has the principal. */
  private static List<RequiredGrant> ofFederated(ExternalAccountCredentials federated) {
    return Optional.ofNullable(federated.getServiceAccountEmail())
        .map(ServiceAccount::of)
        .map(
            account ->
                new RequiredGrant(account, IamRoles.WORKLOAD_IDENTITY_USER, Optional.empty()))
        .stream()
        .toList();
  }
}
