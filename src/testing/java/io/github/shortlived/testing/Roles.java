package io.github.shortlived.testing;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The roles this world knows and what each allows, as Google documents them. */
final class Roles {
  private static final String ACCOUNTS = "iam.serviceAccounts.";
  private static final Set<String> INSTANCES =
      Set.of("compute.instances.get", "compute.instances.list");

  private static final Set<String> BASIC = Set.of("roles/owner", "roles/editor", "roles/viewer");
  private static final Set<String> READ_KEYS = keys("get", "list");
  private static final Set<String> ALL_KEYS =
      keys("create", "delete", "disable", "enable", "get", "list");

  // The basic roles hold no token permission, as on Google: owning a project mints nothing.
  private static final Map<String, Set<String>> PERMISSIONS =
      Map.ofEntries(
          Map.entry(
              "roles/owner",
              with(
                  union(INSTANCES, ALL_KEYS),
                  "actAs",
                  "create",
                  "delete",
                  "disable",
                  "enable",
                  "get",
                  "getIamPolicy",
                  "list",
                  "setIamPolicy",
                  "undelete",
                  "update")),
          Map.entry(
              "roles/editor",
              with(
                  union(INSTANCES, ALL_KEYS),
                  "actAs",
                  "create",
                  "delete",
                  "disable",
                  "enable",
                  "get",
                  "getIamPolicy",
                  "list",
                  "update")),
          Map.entry(
              "roles/viewer", with(union(INSTANCES, READ_KEYS), "get", "getIamPolicy", "list")),
          Map.entry(
              "roles/iam.serviceAccountAdmin",
              accounts(
                  "create",
                  "delete",
                  "disable",
                  "enable",
                  "get",
                  "getIamPolicy",
                  "list",
                  "setIamPolicy",
                  "undelete",
                  "update")),
          Map.entry(
              "roles/iam.serviceAccountTokenCreator",
              accounts(
                  "get",
                  "getAccessToken",
                  "getOpenIdToken",
                  "implicitDelegation",
                  "list",
                  "signBlob",
                  "signJwt")),
          Map.entry("roles/iam.serviceAccountOpenIdTokenCreator", accounts("getOpenIdToken")),
          Map.entry(
              "roles/iam.workloadIdentityUser",
              accounts("get", "getAccessToken", "getOpenIdToken", "list")),
          Map.entry("roles/iam.serviceAccountUser", accounts("actAs", "get", "list")),
          Map.entry(
              "roles/iam.serviceAccountViewer", with(READ_KEYS, "get", "getIamPolicy", "list")),
          Map.entry("roles/iam.serviceAccountKeyAdmin", with(ALL_KEYS, "get", "list")),
          Map.entry("roles/iam.serviceAccountCreator", accounts("create", "get", "list")),
          Map.entry("roles/iam.serviceAccountDeleter", accounts("delete", "get", "list")),
          Map.entry("roles/compute.viewer", INSTANCES),
          Map.entry("roles/compute.admin", INSTANCES));

  private Roles() {}

  /** Owner, editor and viewer: older than conditions, and never under one. */
  static boolean isBasic(String role) {
    return BASIC.contains(role);
  }

  /** All of them, in alphabetical order. */
  static Set<String> names() {
    return new TreeSet<>(PERMISSIONS.keySet());
  }

  static boolean isKnown(String role) {
    return PERMISSIONS.containsKey(role);
  }

  /** A role that says nothing about service accounts cannot be granted on one. */
  static boolean fitsServiceAccounts(String role) {
    return permissions(role).stream().anyMatch(permission -> permission.startsWith(ACCOUNTS));
  }

  static boolean allows(String role, String permission) {
    return permissions(role).contains(permission);
  }

  private static Set<String> permissions(String role) {
    return PERMISSIONS.getOrDefault(role, Set.of());
  }

  private static Set<String> accounts(String... verbs) {
    return Stream.of(verbs).map(ACCOUNTS::concat).collect(toUnmodifiableSet());
  }

  private static Set<String> keys(String... verbs) {
    return Stream.of(verbs).map("iam.serviceAccountKeys."::concat).collect(toUnmodifiableSet());
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    return Stream.concat(some.stream(), others.stream()).collect(toUnmodifiableSet());
  }

  private static Set<String> with(Set<String> others, String... verbs) {
    return union(others, accounts(verbs));
  }
}
