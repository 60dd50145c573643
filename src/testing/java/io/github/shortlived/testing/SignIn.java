package io.github.shortlived.testing;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The ways to a token besides keys and grants: each part guards itself. */
record SignIn(
    Delegations delegations,
    RefreshTokens refreshTokens,
    List<WorkloadIdentityProvider> providers,
    Optional<String> metadataAccount,
    AttributeMapper attributes) {
  SignIn {
    providers = List.copyOf(providers);
  }

  static SignIn of(SignInSpec spec, Function<String, KeyRing> keysFor, InstantSource clock) {
    AttributeMapper attributes = new AttributeMapper();
    spec.pools().forEach(pool -> check(attributes, pool));
    return new SignIn(
        new Delegations(spec.delegations()),
        new RefreshTokens(),
        spec.pools().stream()
            .map(pool -> new WorkloadIdentityProvider(pool, keysFor.apply(pool.name()), clock))
            .toList(),
        spec.metadataAccount(),
        attributes);
  }

  private static void check(AttributeMapper attributes, WorkloadPool pool) {
    try {
      attributes.check(pool.rules());
    } catch (RpcException absent) {
      throw new IllegalArgumentException(absent.status().getMessage(), absent);
    }
  }

  WorkloadIdentityProvider provider(String projectId, String poolId, String providerId) {
    return providers.stream()
        .filter(provider -> provider.pool().isNamed(projectId, poolId, providerId))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No provider \"%s\" of a pool \"%s\" in project \"%s\" of this emulator: declare it with workloadIdentityPool(..)"
                        .formatted(providerId, poolId, projectId)));
  }
}
