package io.github.shortlived.testing.internal.error;

import com.google.api.ClientProto;
import com.google.cloud.iam.credentials.v1.IAMCredentialsProto;
import com.google.common.base.Ascii;
import com.google.iam.admin.v1.Iam;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The names of the emulated methods for faults and the call log, as in Google's REST reference, and
 * the hosts of their services.
 */
public final class RpcNames {
  public static final String TOKEN = "token";
  public static final String STS = "sts.token";
  public static final String INTROSPECTION = "sts.introspect";
  public static final String WORKFORCE_TOKEN = "sts.oauthtoken";
  public static final String TOKEN_INFO = "tokeninfo";
  public static final String USER_INFO = "userinfo";
  public static final String REVOCATION = "revoke";
  public static final String PUBLISHED_KEYS = "publishedKeys";
  public static final String METADATA = "metadata";

  /** The methods outside the IAM services. Compute's are constants, as its protos load slowly. */
  private static final Set<String> OTHERS =
      Set.of(
          TOKEN,
          PUBLISHED_KEYS,
          STS,
          INTROSPECTION,
          WORKFORCE_TOKEN,
          TOKEN_INFO,
          USER_INFO,
          REVOCATION,
          METADATA,
          "getAllowedLocations",
          "instances.list",
          "instances.get",
          "instances.aggregatedList",
          "projects.getIamPolicy",
          "projects.setIamPolicy",
          "projects.testIamPermissions");

  /** The resource before the names of a service's methods; the IAM services have none. */
  private static final Map<String, String> RESOURCES =
      Map.of("Instances", "instances.", "Projects", "projects.");

  private RpcNames() {}

  public static String of(MethodDescriptor method) {
    return RESOURCES.getOrDefault(method.getService().getName(), "")
        + Ascii.toLowerCase(method.getName().charAt(0))
        + method.getName().substring(1);
  }

  /** Returns the default host of the method's service. */
  public static String host(MethodDescriptor method) {
    return method.getService().getOptions().getExtension(ClientProto.defaultHost);
  }

  public static Set<String> all() {
    Set<String> names = new TreeSet<>(OTHERS);
    Stream.of(IAMCredentialsProto.getDescriptor(), Iam.getDescriptor())
        .map(FileDescriptor::getServices)
        .flatMap(services -> services.stream().flatMap(s -> s.getMethods().stream()))
        .forEach(method -> names.add(of(method)));
    return names;
  }
}
