package io.github.shortlived.testing.internal.server;

import io.github.shortlived.testing.internal.compute.ComputeErrors;
import io.github.shortlived.testing.internal.compute.ComputeService;
import io.github.shortlived.testing.internal.error.RpcNames;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.http.RouteGroup;
import io.github.shortlived.testing.internal.http.Router;
import io.github.shortlived.testing.internal.iam.AllowedLocationsService;
import io.github.shortlived.testing.internal.iam.IamAdminService;
import io.github.shortlived.testing.internal.iam.IamCredentialsService;
import io.github.shortlived.testing.internal.iam.ResourceManagerService;
import io.github.shortlived.testing.internal.metadata.MetadataServer;
import io.github.shortlived.testing.internal.oauth.OAuthErrors;
import io.github.shortlived.testing.internal.oauth.PublishedKeys;
import io.github.shortlived.testing.internal.oauth.SecurityTokenService;
import io.github.shortlived.testing.internal.oauth.TokenEndpoint;
import io.github.shortlived.testing.internal.oauth.TokenInfo;
import io.github.shortlived.testing.internal.oauth.TokenIntrospection;
import io.github.shortlived.testing.internal.oauth.TokenRevocation;
import io.github.shortlived.testing.internal.oauth.UserInfo;
import io.github.shortlived.testing.internal.oauth.WorkforceGrants;
import io.github.shortlived.testing.internal.rpc.RestTranscoder;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.world.World;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Creates the services of an emulator, and the HTTP routes to them. Services have no state. */
public final class Services {
  private Services() {}

  /** Returns the services that both transports serve. */
  public static List<RpcService> rpcServices(URI serverUri) {
    return List.of(
        IamCredentialsService.service(),
        IamAdminService.at(serverUri),
        ResourceManagerService.service());
  }

  /** Returns the routes of an emulator whose servers have these addresses. */
  public static Router router(
      Supplier<World> current, List<RpcService> rpcServices, URI serverUri, URI grpcUri) {
    return new Router(
        current,
        List.of(
            RouteGroup.of(ServerAddresses.routes(serverUri, grpcUri), ErrorEnvelope::of),
            RouteGroup.of(oauth(serverUri), OAuthErrors::of),
            RouteGroup.of(
                HttpRoute.ofApi(RpcNames.PUBLISHED_KEYS, PublishedKeys.routes()),
                ErrorEnvelope::of),
            RouteGroup.of(
                HttpRoute.recorded(RpcNames.METADATA, MetadataServer.root()),
                MetadataServer::error),
            RouteGroup.of(
                Stream.concat(
                    RestTranscoder.routes(rpcServices),
                    RestTranscoder.routes(List.of(AllowedLocationsService.service()))),
                ErrorEnvelope::of),
            new RouteGroup(
                MetadataServer.TREE,
                () -> HttpRoute.recorded(RpcNames.METADATA, MetadataServer.tree()).toList(),
                MetadataServer::error),
            new RouteGroup(
                "/compute/", () -> RestTranscoder.routes(compute()).toList(), ComputeErrors::of)));
  }

  private static Stream<HttpRoute> oauth(URI serverUri) {
    return Stream.of(
            HttpRoute.ofApi(RpcNames.TOKEN, new TokenEndpoint(serverUri).routes()),
            HttpRoute.ofApi(RpcNames.TOKEN_INFO, TokenInfo.routes()),
            HttpRoute.ofApi(RpcNames.USER_INFO, UserInfo.routes()),
            HttpRoute.ofApi(RpcNames.REVOCATION, TokenRevocation.routes()),
            HttpRoute.ofApi(RpcNames.STS, SecurityTokenService.routes()),
            HttpRoute.ofApi(RpcNames.INTROSPECTION, TokenIntrospection.routes()),
            HttpRoute.ofApi(RpcNames.WORKFORCE_TOKEN, WorkforceGrants.routes()))
        .flatMap(routes -> routes);
  }

  /** Returns the Compute Engine service; empty if google-cloud-compute is not on the class path. */
  private static List<RpcService> compute() {
    try {
      return List.of(ComputeService.service());
    } catch (NoClassDefFoundError absent) {
      return List.of();
    }
  }
}
