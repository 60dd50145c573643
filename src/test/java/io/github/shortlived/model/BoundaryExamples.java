package io.github.shortlived.model;

import java.util.stream.Stream;

/**
 * The forms of buckets and roles in access boundary rules, which the library and the emulator
 * accept, and what resembles them but is refused.
 */
public final class BoundaryExamples {
  private static final String BUCKETS = "//storage.googleapis.com/projects/_/buckets/";

  private BoundaryExamples() {}

  /** Returns available resources: buckets, by their full resource names. */
  public static Stream<String> buckets() {
    return Stream.of(
            "reports", "abc", "0-0", "my_bucket", "reports.example.com", "a".repeat(63) + ".b")
        .map(BUCKETS::concat);
  }

  /** Returns texts that are no available resources. */
  public static Stream<String> otherResources() {
    return Stream.concat(
        Stream.of(
                "",
                "ab",
                "a".repeat(223),
                "Reports",
                "-abc",
                "abc-",
                ".abc",
                "_abc",
                "a b c",
                "reports/",
                "reports/objects/a",
                "reports\n",
                "bücher")
            .map(BUCKETS::concat),
        Stream.of(
            "",
            "reports",
            "//storage.googleapis.com/projects/my-project/buckets/reports",
            "//compute.googleapis.com/projects/_/buckets/reports",
            "//storagexgoogleapis.com/projects/_/buckets/reports"));
  }

  /** Returns available permissions: predefined and custom roles. */
  public static Stream<String> roles() {
    return Stream.of(
        "inRole:roles/storage.objectViewer",
        "inRole:roles/viewer",
        "inRole:projects/my-project/roles/myRole",
        "inRole:projects/example.com:my-project/roles/my_role",
        "inRole:projects/my-project/roles/a.b",
        "inRole:projects/my-project/roles/" + "a".repeat(64),
        "inRole:organizations/123456/roles/myRole");
  }

  /** Returns texts that are no available permissions. */
  public static Stream<String> otherPermissions() {
    return Stream.of(
        "",
        "roles/storage.objectViewer",
        "storage.objects.get",
        "inRole:storage.objectViewer",
        "inRole:",
        "inRole:roles/",
        "inRole:roles/a b",
        "inRole:roles/my-role",
        "inRole:projects/my-project/roles/",
        "inRole:projects/my-project/roles/ab",
        "inRole:projects/my-project/roles/" + "a".repeat(65),
        "inRole:projects//roles/myRole",
        "inRole:projects/a b/roles/myRole",
        "inRole:projects/My-Project/roles/myRole",
        "inRole:organizations/acme/roles/myRole",
        "inRole:organizations/example.com:acme/roles/myRole",
        "inRole:organizations/123456/roles/ab",
        "inRole:organizations//roles/myRole",
        "inRole:folders/1/roles/myRole",
        "inrole:roles/storage.objectViewer",
        "inRole:roles/storage.objectViewer\n");
  }
}
