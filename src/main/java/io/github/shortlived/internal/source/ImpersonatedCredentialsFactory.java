package io.github.shortlived.internal.source;

import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.util.List;

/** Creates google-auth's impersonated credentials with the settings of this library. */
public final class ImpersonatedCredentialsFactory {
  private ImpersonatedCredentialsFactory() {}

  /** Creates credentials that share the source token of the context. */
  public static ImpersonatedCredentials create(ClientContext context, AccessTokenRequest request) {
    Target target = request.target();
    InternalExceptions.require(
        !(target instanceof Target.Self),
        "target",
        target.toString(),
        "only another service account can be impersonated",
        "use googleCredentials");
    List<String> names = target.hops().stream().map(ServiceAccount::resourceName).toList();
    int last = names.size() - 1;
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(new SharedSourceCredentials(context.source().scoped()))
        .setTargetPrincipal(target.hops().get(last).id())
        .setDelegates(names.subList(0, last))
        .setScopes(List.copyOf(request.scopes()))
        .setLifetime(Math.toIntExact(request.lifetime().toSeconds()))
        .setHttpTransportFactory(context.transports())
        .setIamEndpointOverride(
            "%s/v1/%s:generateAccessToken"
                .formatted(context.endpoints().iamCredentials(), names.get(last)))
        .build();
  }
}
