package io.github.shortlived.testing;

import com.google.cloud.iam.credentials.v1.IAMCredentialsProto;
import com.google.iam.admin.v1.Iam;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What faults and the log call a method: its name as Google's REST reference has it. */
final class MethodNames {
  static final String TOKEN = "token";
  static final String STS = "sts.token";
  static final String PUBLISHED_KEYS = "publishedKeys";
  static final String METADATA = "metadata";

  /** Those beside the two services of IAM; Compute's protos load slowly, so its names are here. */
  private static final Set<String> OTHERS =
      Set.of(
          TOKEN,
          PUBLISHED_KEYS,
          STS,
          METADATA,
          "instances.list",
          "instances.get",
          "instances.aggregatedList");

  private MethodNames() {}

  static String of(MethodDescriptor method) {
    String name =
        method.getName().substring(0, 1).toLowerCase(Locale.ROOT) + method.getName().substring(1);
    return method.getService().getName().equals("Instances") ? "instances." + name : name;
  }

  static Set<String> all() {
    Set<String> names = new TreeSet<>(OTHERS);
    Stream.of(IAMCredentialsProto.getDescriptor(), Iam.getDescriptor())
        .map(FileDescriptor::getServices)
        .flatMap(services -> services.stream().flatMap(s -> s.getMethods().stream()))
        .forEach(method -> names.add(of(method)));
    return names;
  }
}
