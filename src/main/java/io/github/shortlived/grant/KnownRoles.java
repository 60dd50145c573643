package io.github.shortlived.grant;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.github.shortlived.IamRoles;
import java.util.Optional;
import java.util.Set;

/**
 * What Google's predefined roles for service accounts give. What other roles give only the IAM API
 * knows, and it is not asked: custom roles change, and reading them takes permissions of its own.
 */
final class KnownRoles {
  private static final ImmutableMap<String, Set<TokenPermission>> PERMISSIONS =
      ImmutableMap.of(
          IamRoles.TOKEN_CREATOR,
          Sets.immutableEnumSet(Set.of(TokenPermission.values())),
          IamRoles.OPEN_ID_TOKEN_CREATOR,
          Sets.immutableEnumSet(TokenPermission.ID_TOKEN),
          IamRoles.WORKLOAD_IDENTITY_USER,
          Sets.immutableEnumSet(TokenPermission.ACCESS_TOKEN, TokenPermission.ID_TOKEN),
          "roles/iam.serviceAccountUser",
          Set.of(),
          "roles/iam.serviceAccountAdmin",
          Set.of());

  private KnownRoles() {}

  /** Empty for a role that is not known here. */
  static Optional<Set<TokenPermission>> permissions(String role) {
    return Optional.ofNullable(PERMISSIONS.get(role));
  }
}
