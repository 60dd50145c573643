package io.github.shortlived.testing.internal.iam;

import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.policy.AccessRequest;
import io.github.shortlived.testing.internal.world.World;
import java.util.Optional;
import java.util.Set;

/** Projects as resources with a policy; a name has the project's id or number. */
final class ProjectPolicies implements PolicyResources {
  @Override
  public Optional<Resource> find(World world, String name) {
    return world.findProject(ResourceNames.project(name)).map(Resource::project);
  }

  @Override
  public Resource permitted(
      World world, Caller caller, String name, String verb, Set<String> modifiedRoles) {
    String permission = "resourcemanager.projects." + verb;
    return find(world, name)
        .filter(
            project ->
                world
                    .permissions()
                    .allows(
                        new AccessRequest(caller.principal(), permission, project, modifiedRoles)))
        .orElseThrow(() -> GoogleErrors.projectPermissionDenied(permission, name));
  }
}
