package io.github.shortlived.testing.internal.iam;

import com.google.iam.v1.IamPolicyProto;
import com.google.iam.v1.PolicyProto;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.rpc.ServiceProto;
import java.util.Set;

/** The Resource Manager API, v3 and REST v1: the methods for the policies of projects. */
public final class ResourceManagerService {
  private static final String PROTO =
      """
      name: "google/cloud/resourcemanager/v3/projects.proto"
      package: "google.cloud.resourcemanager.v3"
      syntax: "proto3"
      dependency: "google/iam/v1/iam_policy.proto"
      dependency: "google/iam/v1/policy.proto"
      service {
        name: "Projects"
        options { [google.api.default_host]: "cloudresourcemanager.googleapis.com" }
        method {
          name: "GetIamPolicy"
          input_type: ".google.iam.v1.GetIamPolicyRequest"
          output_type: ".google.iam.v1.Policy"
          options {
            [google.api.http] {
              post: "/v3/{resource=projects/*}:getIamPolicy" body: "*"
              additional_bindings { post: "/v1/{resource=projects/*}:getIamPolicy" body: "*" }
            }
          }
        }
        method {
          name: "SetIamPolicy"
          input_type: ".google.iam.v1.SetIamPolicyRequest"
          output_type: ".google.iam.v1.Policy"
          options {
            [google.api.http] {
              post: "/v3/{resource=projects/*}:setIamPolicy" body: "*"
              additional_bindings { post: "/v1/{resource=projects/*}:setIamPolicy" body: "*" }
            }
          }
        }
        method {
          name: "TestIamPermissions"
          input_type: ".google.iam.v1.TestIamPermissionsRequest"
          output_type: ".google.iam.v1.TestIamPermissionsResponse"
          options {
            [google.api.http] {
              post: "/v3/{resource=projects/*}:testIamPermissions" body: "*"
              additional_bindings { post: "/v1/{resource=projects/*}:testIamPermissions" body: "*" }
            }
          }
        }
      }
      """;

  private static final ServiceDescriptor PROJECTS =
      ServiceProto.parse(PROTO, IamPolicyProto.getDescriptor(), PolicyProto.getDescriptor())
          .findServiceByName("Projects");

  private ResourceManagerService() {}

  public static RpcService service() {
    return PolicyHandlers.addTo(
        new RpcService(PROJECTS, Set.of(OAuthScopes.CLOUD_PLATFORM)), new ProjectPolicies());
  }
}
