package io.github.shortlived.internal.source;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.util.List;

/** Configures google-auth's impersonation as this library does its own. */
public record ImpersonatedCredentialsFactory(
    GoogleCredentials source, Endpoints endpoints, HttpTransportFactory transports) {

  public ImpersonatedCredentials credentials(AccessTokenRequest request) {
    List<ServiceAccount> hops = hops(request.target());
    ServiceAccount target = hops.get(hops.size() - 1);
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(new SharedSourceCredentials(source))
        .setTargetPrincipal(target.id())
        .setDelegates(
            hops.subList(0, hops.size() - 1).stream().map(ServiceAccount::resourceName).toList())
        .setScopes(List.copyOf(request.scopes()))
        .setLifetime(Math.toIntExact(request.lifetime().toSeconds()))
        .setHttpTransportFactory(transports)
        .setIamEndpointOverride(
            "%s/v1/%s:generateAccessToken"
                .formatted(endpoints.iamCredentials(), target.resourceName()))
        .build();
  }

  /** google-auth's source would print its token. */
  @Override
  public String toString() {
    return "Impersonation[%s]".formatted(source.getClass().getSimpleName());
  }

  private static List<ServiceAccount> hops(Target target) {
    InternalExceptions.require(
        !(target instanceof Target.Self),
        "target",
        target.toString(),
        "impersonation is of another service account",
        "use googleCredentials");
    return target instanceof DelegationChain chain
        ? chain.hops()
        : List.of((ServiceAccount) target);
  }
}
