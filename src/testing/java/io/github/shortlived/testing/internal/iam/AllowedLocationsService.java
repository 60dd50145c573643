package io.github.shortlived.testing.internal.iam;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.rpc.ServiceProto;
import io.github.shortlived.testing.internal.world.World;

/**
 * The methods {@code getAllowedLocations} of the Service Account Credentials API, which only REST
 * has. Google's clients call them for the trust boundary of an identity. No identity of the
 * emulator has one. That a caller needs no permission is unverified.
 */
public final class AllowedLocationsService {
  private static final String PROTO =
      """
      name: "google/iam/credentials/v1/allowed_locations.proto"
      package: "google.iam.credentials.v1"
      syntax: "proto3"
      message_type {
        name: "GetAllowedLocationsRequest"
        field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      }
      message_type {
        name: "AllowedLocations"
        field { name: "locations" number: 1 type: TYPE_STRING label: LABEL_REPEATED }
        field { name: "encoded_locations" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
      }
      service {
        name: "TrustBoundaries"
        options { [google.api.default_host]: "iamcredentials.googleapis.com" }
        method {
          name: "GetAllowedLocations"
          input_type: ".google.iam.credentials.v1.GetAllowedLocationsRequest"
          output_type: ".google.iam.credentials.v1.AllowedLocations"
          options {
            [google.api.http] {
              get: "/v1/{name=projects/*/serviceAccounts/*}/allowedLocations"
              additional_bindings {
                get: "/v1/{name=projects/*/locations/*/workloadIdentityPools/*}/allowedLocations"
              }
              additional_bindings {
                get: "/v1/{name=locations/*/workforcePools/*}/allowedLocations"
              }
            }
          }
        }
      }
      """;
  private static final FileDescriptor FILE = ServiceProto.parse(PROTO);
  private static final Descriptor REQUEST =
      FILE.findMessageTypeByName("GetAllowedLocationsRequest");
  private static final Descriptor RESPONSE = FILE.findMessageTypeByName("AllowedLocations");

  /** The encoding of every location. */
  private static final DynamicMessage EVERYWHERE =
      DynamicMessage.newBuilder(RESPONSE)
          .setField(RESPONSE.findFieldByName("encoded_locations"), "0x0")
          .build();

  private AllowedLocationsService() {}

  public static RpcService service() {
    return new RpcService(FILE.findServiceByName("TrustBoundaries"), OAuthScopes.FOR_IAM)
        .on(DynamicMessage.getDefaultInstance(REQUEST), AllowedLocationsService::get);
  }

  private static Message get(World world, Caller caller, DynamicMessage request) {
    String name = String.valueOf(request.getField(REQUEST.findFieldByName("name")));
    if (name.contains("/serviceAccounts/") && ResourceNames.find(world, name).isEmpty()) {
      throw GoogleErrors.gaiaNotFound(ResourceNames.account(name).account());
    }
    return EVERYWHERE;
  }
}
