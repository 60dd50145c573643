package io.github.shortlived.testing.internal.policy;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The predefined roles of the emulator and their permissions, as Google documents them. */
final class PredefinedRoles {
  private static final String ACCOUNTS = "iam.serviceAccounts.";
  private static final Splitter SPACES = Splitter.on(' ');
  private static final Set<String> BASIC = Set.of("roles/owner", "roles/editor", "roles/viewer");

  private static final Set<String> INSTANCES =
      Set.of("compute.instances.get", "compute.instances.list");
  private static final Set<String> READ_KEYS = keys("get list");
  private static final Set<String> ALL_KEYS = keys("create delete disable enable get list");
  private static final Set<String> READ_ROLES = permissions("iam.roles.", "get list");
  private static final Set<String> READ_PROJECT_POLICY =
      permissions("resourcemanager.projects.", "get getIamPolicy");
  private static final Set<String> PROJECT_POLICY =
      permissions("resourcemanager.projects.", "get getIamPolicy setIamPolicy");
  private static final Set<String> ADMIN =
      accounts("create delete disable enable get getIamPolicy list setIamPolicy undelete update");
  private static final Set<String> EDITOR =
      accounts("actAs create delete disable enable get getIamPolicy list update");
  private static final Set<String> TOKEN_CREATOR =
      accounts("get getAccessToken getOpenIdToken implicitDelegation list signBlob signJwt");
  private static final Set<String> WORKLOAD_IDENTITY_USER =
      accounts("get getAccessToken getOpenIdToken list");

  /** A viewer does not have it. */
  private static final Set<String> USE_SERVICES = Set.of("serviceusage.services.use");

  // The basic roles hold no token permission, as on Google: an owner cannot issue tokens.
  private static final Map<String, Set<String>> PERMISSIONS =
      Map.ofEntries(
          role(
              "owner",
              ADMIN,
              EDITOR,
              INSTANCES,
              ALL_KEYS,
              READ_ROLES,
              PROJECT_POLICY,
              USE_SERVICES),
          role(
              "editor", EDITOR, INSTANCES, ALL_KEYS, READ_ROLES, READ_PROJECT_POLICY, USE_SERVICES),
          role(
              "viewer",
              accounts("get getIamPolicy list"),
              INSTANCES,
              READ_KEYS,
              READ_ROLES,
              READ_PROJECT_POLICY),
          role("browser", READ_PROJECT_POLICY),
          role("resourcemanager.projectIamAdmin", PROJECT_POLICY),
          role("iam.roleViewer", READ_ROLES, READ_PROJECT_POLICY),
          role("iam.serviceAccountAdmin", ADMIN),
          role("iam.serviceAccountTokenCreator", TOKEN_CREATOR),
          role("iam.serviceAccountOpenIdTokenCreator", accounts("getOpenIdToken")),
          role("iam.workloadIdentityUser", WORKLOAD_IDENTITY_USER),
          role("iam.serviceAccountUser", accounts("actAs get list")),
          role("iam.serviceAccountViewer", accounts("get getIamPolicy list"), READ_KEYS),
          role("iam.serviceAccountKeyAdmin", accounts("get list"), ALL_KEYS),
          role("iam.serviceAccountCreator", accounts("create get list")),
          role("iam.serviceAccountDeleter", accounts("delete get list")),
          role("compute.viewer", INSTANCES),
          role("compute.admin", INSTANCES),
          role("serviceusage.serviceUsageConsumer", USE_SERVICES),
          role("serviceusage.serviceUsageAdmin", USE_SERVICES));

  private PredefinedRoles() {}

  /** Returns whether the role is owner, editor or viewer, which cannot have a condition. */
  static boolean isBasic(String role) {
    return BASIC.contains(role);
  }

  /** Returns all roles in alphabetical order. */
  static Set<String> names() {
    return new TreeSet<>(PERMISSIONS.keySet());
  }

  static boolean isKnown(String role) {
    return PERMISSIONS.containsKey(role);
  }

  /**
   * Returns whether the role has a permission on service accounts, and so can be granted on them.
   */
  static boolean fitsServiceAccounts(String role) {
    return permissions(role).stream().anyMatch(permission -> permission.startsWith(ACCOUNTS));
  }

  static boolean allows(String role, String permission) {
    return permissions(role).contains(permission);
  }

  static Set<String> permissions(String role) {
    return PERMISSIONS.getOrDefault(role, Set.of());
  }

  @SafeVarargs
  private static Map.Entry<String, Set<String>> role(String id, Set<String>... permissions) {
    ImmutableSet.Builder<String> all = ImmutableSet.builder();
    for (Set<String> some : permissions) {
      all.addAll(some);
    }
    return Map.entry("roles/" + id, all.build());
  }

  private static Set<String> accounts(String verbs) {
    return permissions(ACCOUNTS, verbs);
  }

  private static Set<String> keys(String verbs) {
    return permissions("iam.serviceAccountKeys.", verbs);
  }

  private static Set<String> permissions(String resource, String verbs) {
    return SPACES.splitToStream(verbs).map(resource::concat).collect(toUnmodifiableSet());
  }
}
