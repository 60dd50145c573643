package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.FieldSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the selected fields of a partial response in the type of the response. */
final class ResponseFields {
  private ResponseFields() {}

  /** Returns the selection by JSON names, or throws Google's error for an unknown field. */
  static FieldSelection of(Descriptor response, FieldSelection selection) {
    return new FieldSelection(
        selection.paths().stream().map(path -> resolved(path, response)).toList());
  }

  /** Replaces names of the proto by those of JSON. Below a wildcard, any name is accepted. */
  private static List<String> resolved(List<String> path, Descriptor type) {
    List<String> names = new ArrayList<>(path);
    Optional<Descriptor> holder = Optional.of(type);
    for (int i = 0; i < path.size() && !path.get(i).equals(FieldSelection.ANY); i++) {
      List<String> upToHere = path.subList(0, i + 1);
      Descriptor message = holder.orElseThrow(() -> unknown(upToHere));
      FieldDescriptor field = field(message, path.get(i)).orElseThrow(() -> unknown(upToHere));
      if (!isEntry(message)) {
        names.set(i, field.getJsonName());
      }
      holder = typeOf(field);
    }
    return names;
  }

  private static Optional<FieldDescriptor> field(Descriptor message, String name) {
    return isEntry(message)
        ? Optional.ofNullable(message.findFieldByName("value"))
        : RequestJson.field(message, name);
  }

  /** Returns whether the message is an entry of a map, whose keys are names in JSON. */
  private static boolean isEntry(Descriptor message) {
    return message.getOptions().getMapEntry();
  }

  private static Optional<Descriptor> typeOf(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? Optional.of(field.getMessageType())
        : Optional.empty();
  }

  private static RpcException unknown(List<String> path) {
    return GoogleErrors.fieldUnknown(String.join(".", path));
  }
}
