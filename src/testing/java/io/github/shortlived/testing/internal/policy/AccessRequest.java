package io.github.shortlived.testing.internal.policy;

import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.account.Resource;
import java.util.Set;

/**
 * The permission that a call needs.
 *
 * @param modifiedRoles the roles of the bindings that the call changes
 */
public record AccessRequest(
    Principal principal, String permission, Resource resource, Set<String> modifiedRoles) {
  public AccessRequest {
    modifiedRoles = Set.copyOf(modifiedRoles);
  }

  /** Creates a request that changes no policy. */
  public AccessRequest(Principal principal, String permission, Resource resource) {
    this(principal, permission, resource, Set.of());
  }
}
