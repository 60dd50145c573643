package io.github.shortlived.testing;

import java.util.List;
import java.util.stream.Stream;

/** The public keys of the outside identity providers that the world's pools trust. */
final class WorkloadKeys {
  private final World world;

  WorkloadKeys(World world) {
    this.world = world;
  }

  Stream<HttpRoute> routes() {
    return world.signIn().providers().stream()
        .map(
            provider ->
                HttpRoute.of(
                    "GET",
                    provider.jwksPath(),
                    (call, none) ->
                        HttpReply.json(
                            200, PublishedKeys.jwks(List.of(provider.keys().systemManaged())))));
  }
}
