package io.github.shortlived.audit;

import com.google.common.collect.ImmutableMap;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.policy.TokenPermission;
import java.util.Optional;
import java.util.Set;

/**
 * The permissions of Google's predefined roles for service accounts. Other roles are not looked up:
 * custom roles change, and reading them needs further permissions.
 */
final class RolePermissions {
  private static final ImmutableMap<String, Set<TokenPermission>> PERMISSIONS =
      ImmutableMap.of(
          IamRoles.TOKEN_CREATOR,
          Set.of(TokenPermission.values()),
          IamRoles.OPEN_ID_TOKEN_CREATOR,
          Set.of(TokenPermission.ID_TOKEN),
          IamRoles.WORKLOAD_IDENTITY_USER,
          Set.of(TokenPermission.ACCESS_TOKEN, TokenPermission.ID_TOKEN),
          IamRoles.SERVICE_ACCOUNT_USER,
          Set.of(),
          IamRoles.SERVICE_ACCOUNT_ADMIN,
          Set.of());

  private RolePermissions() {}

  /** Returns the permissions of the role; empty if the role is not known here. */
  static Optional<Set<TokenPermission>> permissions(String role) {
    return Optional.ofNullable(PERMISSIONS.get(role));
  }
}
