package io.github.shortlived.audit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.github.shortlived.model.IamRoles;
import io.github.shortlived.policy.TokenPermission;
import java.util.Optional;
import java.util.Set;

/**
 * What Google's predefined roles for service accounts give. What other roles give only the IAM API
 * knows, and it is not asked: custom roles change, and reading them takes permissions of its own.
 */
final class RolePermissions {
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

  private RolePermissions() {}

  /** Empty for a role that is not known here. */
  static Optional<Set<TokenPermission>> permissions(String role) {
    return Optional.ofNullable(PERMISSIONS.get(role));
  }
}
