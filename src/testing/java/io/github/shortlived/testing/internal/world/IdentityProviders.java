package io.github.shortlived.testing.internal.world;

import io.github.shortlived.testing.internal.federation.AttributeMapper;
import io.github.shortlived.testing.internal.federation.TrustedProvider;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.token.DomainWideDelegations;
import io.github.shortlived.testing.internal.token.RefreshTokens;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sources of identities besides the keys of service accounts: delegation, users, workload
 * identity pools and the metadata server. Each part is safe for concurrent use.
 */
public record IdentityProviders(
    DomainWideDelegations delegations,
    RefreshTokens refreshTokens,
    List<TrustedProvider> providers,
    Optional<String> metadataAccount) {
  static IdentityProviders of(WorldSpec spec, Function<String, KeyRing> keysFor) {
    spec.pools().forEach(pool -> AttributeMapper.check(pool.attributeMapping()));
    return new IdentityProviders(
        spec.delegations(),
        new RefreshTokens(),
        spec.pools().stream()
            .map(pool -> new TrustedProvider(pool, keysFor.apply(pool.name())))
            .toList(),
        spec.metadataAccount());
  }

  public TrustedProvider provider(String projectId, String poolId, String providerId) {
    return providers.stream()
        .filter(provider -> provider.pool().key().equals(List.of(projectId, poolId, providerId)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("There is no provider \"%s\" of a pool \"%s\" in project \"%s\": declare it with"
                            + " workloadIdentityPool(..)")
                        .formatted(providerId, poolId, projectId)));
  }
}
