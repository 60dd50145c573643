package io.github.shortlived.model;

import java.util.stream.Stream;

/**
 * The forms of members in allow and deny policies, from Google's page "Principal identifiers", and
 * what resembles them but means nothing. {@code WORKLOAD}, {@code WORKFORCE} and {@code GKE} stand
 * for the pools, {@code AGENTS} for a trust domain.
 */
public final class MemberExamples {
  private static final String WORKLOAD =
      "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/";

  private MemberExamples() {}

  /** Returns members of the documented forms. */
  public static Stream<String> documented() {
    return Stream.of(
            "user:alex@example.com",
            "user:Alex.O'Neill+test@sub.example.co.uk",
            "user:jörg@bücher.example",
            "serviceAccount:my-service-account@my-project.iam.gserviceaccount.com",
            "serviceAccount:my-service-account@my-project.example.com.iam.gserviceaccount.com",
            "serviceAccount:123-compute@developer.gserviceaccount.com",
            "serviceAccount:A@p.iam.gserviceaccount.com",
            "serviceAccount:a@P.IAM.GSERVICEACCOUNT.COM",
            "serviceAccount:my-project@appspot.gserviceaccount.com",
            "serviceAccount:123@cloudservices.gserviceaccount.com",
            "serviceAccount:a@p.example-system.iam.gserviceaccount.com",
            "group:my-group@example.com",
            "domain:example.com",
            "domain:bücher.example",
            // Kubernetes service accounts
            "serviceAccount:my-project.svc.id.goog[default/my-ksa]",
            "serviceAccount:example.com:my-project.svc.id.goog[default/my-ksa]",
            "serviceAccount:my-project.hub.id.goog[name-space/my.ksa]",
            "principal://GKE/subject/ns/default/sa/my-ksa",
            "principal://GKE/kubernetes.serviceaccount.uid/0123-4567",
            "principalSet://GKE/namespace/default",
            "principalSet://GKE/kubernetes.cluster/https://container.googleapis.com/v1/projects/p/locations/l/clusters/c",
            "principal://WORKLOAD/example.com:my-project.svc.id.goog/subject/ns/default/sa/my-ksa",
            // Workforce and workload identity pools
            "principal://WORKFORCE/subject/raha@altostrat.com",
            "principalSet://WORKFORCE/group/administrators-group@altostrat.com",
            "principalSet://WORKFORCE/group/abcdefgh-0123-0123-abcdef",
            "principalSet://WORKFORCE/group/Domain Admins",
            "principalSet://WORKFORCE/attribute.department/administration",
            "principalSet://WORKFORCE/*",
            "principal://WORKLOAD/ci/subject/octo",
            "principal://WORKLOAD/ci/subject/repo:octo/app:ref:refs/heads/main",
            "principal://WORKLOAD/ci/subject/organization:acme:project:Default Project:workspace:net",
            "principal://WORKLOAD/ci/subject/auth0|5f7c8ec7",
            "principal://WORKLOAD/ci/subject/arn:aws:sts::1:assumed-role/r/i-0a",
            "principal://WORKLOAD/ci/subject/CN=Jörg, O=Bücher & Co. (\"A\") <a@b>",
            "principal://WORKLOAD/ci/subject/*",
            "principalSet://WORKLOAD/ci/group/admins",
            "principalSet://WORKLOAD/ci/attribute.repository/octo/app",
            "principalSet://WORKLOAD/ci/attribute.aws_role/arn:aws:sts::1:assumed-role/My Role",
            "principalSet://WORKLOAD/ci/attribute.issuer/https://tenant.auth0.com/",
            "principalSet://WORKLOAD/ci/*",
            // Agents, managed workloads, and resources with an identity
            "principal://AGENTS/resources/aiplatform/projects/1/locations/us-central1/reasoningEngines/a",
            "principalSet://AGENTS/attribute.platformContainer/aiplatform/projects/1",
            "principalSet://AGENTS/*",
            "principal://agents.global.proj-1.system.id.goog/resources/run/projects/1/locations/l/services/s",
            "principal://ci.global.123456789012.workload.id.goog/ns/my-space/sa/my-identity",
            "principal://parametermanager.googleapis.com/projects/1/uid/locations/l/parameters/p",
            // All service accounts, and the forms of deny policies
            "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount",
            "principalSet://cloudresourcemanager.googleapis.com/folders/1/type/ServiceAccount",
            "principalSet://cloudresourcemanager.googleapis.com/organizations/1/type/ServiceAgent",
            "principal://goog/subject/alex@example.com",
            "principalSet://goog/group/my-group@example.com",
            "principalSet://goog/public:all",
            "principalSet://goog/cloudIdentityCustomerId/C01Abc35",
            "principal://iam.googleapis.com/projects/-/serviceAccounts/a@p.iam.gserviceaccount.com")
        .map(MemberExamples::withPools);
  }

  /** Returns texts that are no members. */
  public static Stream<String> meaningless() {
    return Stream.of(
            "alex@example.com",
            "robot:alex@example.com",
            "deleted:user:alex@example.com?uid=1",
            "",
            ":",
            // Addresses
            "user:",
            "user:alex",
            "user:alex@example",
            "user:@example.com",
            "user:alex@example..com",
            "user:alex@example.com.",
            "user:alex@@example.com",
            "user:<alex@example.com>",
            "user:Alex <alex@example.com>",
            "user:\"alex\"@example.com",
            "user:alex@example.com,user:kim@example.com",
            "user:alex@example.com;kim@example.com",
            "user: alex@example.com",
            "user:alex@example.com ",
            "user:al ex@example.com",
            "user:alex@example.com/",
            "user:mailto:alex@example.com",
            "group:my group@example.com",
            "serviceAccount:projects/p/serviceAccounts/a@p.iam.gserviceaccount.com",
            "serviceAccount:projects/-/serviceAccounts/a@p.iam.gserviceaccount.com",
            "serviceAccount:a",
            "serviceAccount:103456789012345678901",
            "serviceAccount:serviceAccount:a@p.iam.gserviceaccount.com",
            "domain:alex@example.com",
            "domain:example.com/x",
            "domain:https://example.com",
            "domain:example",
            "domain:.example.com",
            "domain:*.example.com",
            // Kubernetes service accounts
            "serviceAccount:my-project[default/my-ksa]",
            "serviceAccount:my-project.svc.id.goog[my-ksa]",
            "serviceAccount:my-project.svc.id.goog[default/]",
            "serviceAccount:my-project.svc.id.goog[/my-ksa]",
            "serviceAccount:my-project.svc.id.goog[default/my-ksa",
            "serviceAccount:my-project.svc.id.goog[default/my-ksa] ",
            "serviceAccount:my-project.svc.id.goog[default/my ksa]",
            "serviceAccount:my-project.svc.id.goog[default/my-ksa][a/b]",
            "serviceAccount:a:example.com:my-project.svc.id.goog[default/my-ksa]",
            // Pools
            "principal://x",
            "principal://",
            "principal:/WORKLOAD/ci/subject/octo",
            "principal:WORKLOAD/ci/subject/octo",
            "//WORKLOAD/ci/subject/octo",
            "principal://iam.googleapis.com/ci/subject/octo",
            "principalSet://iam.googleapis.com/my-pool/attribute.repository/octo/app",
            "principal://iam.googleapis.com/projects/1/pools/ci/subject/octo",
            "principal://iam.googleapis.com/projects/my-project/locations/global/workloadIdentityPools/ci/subject/octo",
            "principalSet://iam.googleapis.com/projects/my-project/locations/global/workloadIdentityPools/ci/*",
            "principal://iam.googleapis.com/projects/1/locations/europe-west1/workloadIdentityPools/ci/subject/octo",
            "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/subject/octo",
            "principal://iam.googleapis.com/projects/1/locations/global/workforcePools/ci/subject/octo",
            "principal://iam.googleapis.com/locations/global/workloadIdentityPools/ci/subject/octo",
            "principal://WORKLOAD/ci",
            "principal://WORKLOAD/ci/*",
            "principal://WORKLOAD/ci/octo",
            "principal://WORKLOAD/ci/group/admins",
            "principal://WORKLOAD/ci/attribute.repository/octo/app",
            "principal://WORKLOAD/ci/providers/github/subject/octo",
            "principal://WORKLOAD/ci/subject",
            "principal://WORKLOAD/ci/subject/",
            "principal://WORKLOAD/ci/subject/octo/",
            "principal://WORKLOAD/ci/subject/ octo",
            "principal://WORKLOAD/ci/subject/octo ",
            "principal://WORKLOAD/my ci/subject/octo",
            "principal://WORKLOAD/ /subject/octo",
            "principal://WORKLOAD/CI/subject/octo",
            "principalSet://WORKLOAD/ci",
            "principalSet://WORKLOAD/ci/",
            "principalSet://WORKLOAD/ci/**",
            "principalSet://WORKLOAD/ci/*/",
            "principalSet://WORKLOAD/ci/subject/octo",
            "principalSet://WORKLOAD/ci/repository/octo/app",
            "principalSet://WORKLOAD/ci/attribute/octo",
            "principalSet://WORKLOAD/ci/attribute.repository",
            "principalSet://WORKLOAD/ci/attribute.repository/",
            "principalSet://WORKLOAD/ci/attribute./octo",
            "principalSet://WORKLOAD/ci/attribute.my repository/octo",
            "principalSet://WORKLOAD/ci/attribute.repository/octo/app/",
            "principalSet://WORKLOAD/ci/group/",
            "principalSet://WORKLOAD/ci/group/ ",
            "principalset://WORKLOAD/ci/*",
            "principalSet://https://WORKLOAD/ci/*",
            "principalSet://WORKFORCE/namespace/a",
            "principalSet://WORKFORCE/kubernetes.cluster/x",
            "principal://WORKFORCE/kubernetes.serviceaccount.uid/0123",
            "principal://iam.googleapis.com/locations/global/workforcePools/../subject/x",
            "principal://WORKLOAD/../subject/octo",
            "principal://WORKLOAD/-/subject/octo",
            "principal://iam.googleapis.com/projects/0/locations/global/workloadIdentityPools/ci/subject/octo",
            // Service accounts
            "serviceAccount:alex@gmail.com",
            "serviceAccount:a@p.iam.gserviceaccount.com.evil.example",
            "serviceAccount:a@evilgserviceaccount.com",
            "serviceAccount:.a@p.iam.gserviceaccount.com",
            "serviceAccount:.svc.id.goog[a/b]",
            "serviceAccount:svc.id.goog[a/b]",
            "serviceAccount:a..svc.id.goog[a/b]",
            "serviceAccount::p.svc.id.goog[a/b]",
            "principal://iam.googleapis.com/projects/-/serviceAccounts/alex@gmail.com",
            "user:a@P.IAM.GSERVICEACCOUNT.COM",
            "group:a@p.iam.GServiceAccount.com",
            // Others
            "principalSet://ci.global.123.workload.id.goog/subject/x",
            "principal://ci.global.123.workload.id.goog/*",
            "principal://ci..global.123.workload.id.goog/ns/a/sa/b",
            "principal://AGENTS",
            "principal://AGENTS/",
            "principal://.id.goog/x",
            "principal://evil.example/resources/x",
            "principalSet://cloudresourcemanager.googleapis.com/projects/my-project/type/ServiceAccount",
            "principalSet://cloudresourcemanager.googleapis.com/projects/1",
            "principal://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount",
            "principal://goog/alex@example.com",
            "principalSet://goog/subject/alex@example.com",
            "principal://iam.googleapis.com/projects/p/serviceAccounts/")
        .map(MemberExamples::withPools);
  }

  private static String withPools(String form) {
    return form.replace("GKE", WORKLOAD + "my-project.svc.id.goog")
        .replace("WORKLOAD/", WORKLOAD)
        .replace("WORKFORCE", "iam.googleapis.com/locations/global/workforcePools/contractors")
        .replace("AGENTS", "agents.global.org-123456789012.system.id.goog");
  }
}
