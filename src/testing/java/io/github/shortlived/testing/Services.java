package io.github.shortlived.testing;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The services of a world. */
final class Services {
  private Services() {}

  /** Those on both transports. */
  static List<RpcService> everywhere(World world, URI self) {
    return List.of(IamCredentialsService.of(world), IamAdminService.of(world, self));
  }

  /** Compute Engine, which speaks REST only; Google's classes for it are optional. */
  static Optional<RpcService> compute(World world) {
    try {
      return Optional.of(ComputeService.of(world));
    } catch (NoClassDefFoundError absent) {
      return Optional.empty();
    }
  }
}
