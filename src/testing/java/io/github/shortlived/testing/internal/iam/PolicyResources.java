package io.github.shortlived.testing.internal.iam;

import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.world.World;
import java.util.Optional;
import java.util.Set;

/** A kind of resource that has an allow policy. */
interface PolicyResources {
  /** Finds a resource by the name in a request. */
  Optional<Resource> find(World world, String name);

  /**
   * Returns the resource, if the caller has the permission for the verb on it, such as {@code
   * getIamPolicy}.
   *
   * @param modifiedRoles the roles of the bindings that the call changes
   */
  Resource permitted(
      World world, Caller caller, String name, String verb, Set<String> modifiedRoles);
}
