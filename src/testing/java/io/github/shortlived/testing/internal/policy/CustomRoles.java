package io.github.shortlived.testing.internal.policy;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The permissions of custom roles, by {@code projects/PROJECT/roles/ID}. */
public record CustomRoles(Map<String, Set<String>> permissions) {
  private static final Pattern PERMISSION = Pattern.compile("[a-z]\\w*(\\.\\w+){2,}");

  public CustomRoles {
    permissions = Map.copyOf(permissions);
  }

  /** Returns the name of a custom role. */
  public static String requireName(String projectId, String roleId) {
    String role = "projects/" + projectId + "/roles/" + roleId;
    if (!RoleNames.isOfProject(role)) {
      throw new IllegalArgumentException(
          ("\"%s\" is not the name of a custom role: use a project and an id of 3 to 64 letters,"
                  + " digits, underscores and periods")
              .formatted(role));
    }
    return role;
  }

  public static Set<String> requirePermissions(String... permissions) {
    for (String permission : permissions) {
      if (!isPermission(permission)) {
        throw new IllegalArgumentException(
            "\"%s\" is not a permission: use its full name, such as iam.serviceAccounts.signJwt"
                .formatted(permission));
      }
    }
    return ImmutableSet.copyOf(permissions);
  }

  /** Returns whether the text is the full name of a permission, without wildcards. */
  public static boolean isPermission(String permission) {
    return PERMISSION.matcher(permission).matches();
  }

  /** Returns the predefined roles that the emulator knows, in alphabetical order. */
  public List<String> predefined() {
    return List.copyOf(PredefinedRoles.names());
  }

  /** Returns the custom roles of a project, in alphabetical order. */
  public List<String> ofProject(String projectId) {
    String prefix = "projects/" + projectId + "/roles/";
    return permissions.keySet().stream().filter(role -> role.startsWith(prefix)).sorted().toList();
  }

  /** Returns the permissions of a custom or predefined role; empty if it does not exist. */
  public Optional<Set<String>> permissionsOf(String role) {
    return Optional.ofNullable(permissions.get(role))
        .or(
            () ->
                Optional.of(role)
                    .filter(PredefinedRoles::isKnown)
                    .map(PredefinedRoles::permissions));
  }

  /** Returns whether the role is predefined, or a custom role of the project. */
  boolean isKnownIn(String projectId, String role) {
    return RoleNames.projectOf(role)
        .map(project -> project.equals(projectId) && permissions.containsKey(role))
        .orElseGet(() -> PredefinedRoles.isKnown(role));
  }

  boolean allows(String role, String permission) {
    return permissions.getOrDefault(role, Set.of()).contains(permission)
        || PredefinedRoles.allows(role, permission);
  }

  /** Returns whether the role can be granted on service accounts of the project. */
  boolean fitsAccountsOf(String projectId, String role) {
    return RoleNames.isOfProject(role)
        ? isKnownIn(projectId, role)
        : PredefinedRoles.fitsServiceAccounts(role);
  }
}
