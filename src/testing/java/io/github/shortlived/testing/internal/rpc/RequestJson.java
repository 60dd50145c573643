package io.github.shortlived.testing.internal.rpc;

import com.google.common.base.Splitter;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The JSON object of a request, merged from the body, the query and the path of a REST call. */
final class RequestJson {
  private static final Splitter DOTS = Splitter.on('.');

  private final Descriptor type;
  private final JsonObject root;

  RequestJson(Descriptor type, JsonObject root) {
    this.type = type;
    this.root = root;
  }

  /** Sets or replaces the field at a dotted path of JSON or proto names. */
  void put(String path, List<String> values) {
    Descriptor holder = type;
    JsonObject at = root;
    List<String> names = DOTS.splitToList(path);
    for (String name : names.subList(0, names.size() - 1)) {
      FieldDescriptor field =
          field(holder, name).filter(RequestJson::isMessage).orElseThrow(() -> unknown(path));
      at = child(at, field);
      holder = field.getMessageType();
    }
    FieldDescriptor leaf =
        field(holder, names.get(names.size() - 1)).orElseThrow(() -> unknown(path));
    set(at, leaf, value(leaf, values));
  }

  /** Sets a field of the request to a body that contains this field only. */
  void put(String name, JsonElement value) {
    set(root, field(type, name).orElseThrow(() -> unknown(name)), value);
  }

  @Override
  public String toString() {
    return root.toString();
  }

  private static Optional<FieldDescriptor> field(Descriptor type, String name) {
    return type.getFields().stream()
        .filter(field -> field.getName().equals(name) || field.getJsonName().equals(name))
        .findFirst();
  }

  private static boolean isMessage(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated();
  }

  private static JsonObject child(JsonObject parent, FieldDescriptor field) {
    JsonObject child =
        Stream.of(field.getJsonName(), field.getName())
            .map(parent::get)
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .findFirst()
            .orElseGet(JsonObject::new);
    set(parent, field, child);
    return child;
  }

  private static void set(JsonObject at, FieldDescriptor field, JsonElement value) {
    at.remove(field.getName());
    at.remove(field.getJsonName());
    at.add(field.getJsonName(), value);
  }

  private static JsonElement value(FieldDescriptor field, List<String> values) {
    if (!field.isRepeated()) {
      return scalar(field, values.get(values.size() - 1));
    }
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(scalar(field, value)));
    return array;
  }

  /** JSON accepts strings for numbers and enums; some clients write booleans as True. */
  private static JsonPrimitive scalar(FieldDescriptor field, String value) {
    boolean isBoolean = field.getJavaType() == FieldDescriptor.JavaType.BOOLEAN;
    return new JsonPrimitive(isBoolean ? value.toLowerCase(Locale.ROOT) : value);
  }

  private static RpcException unknown(String path) {
    return GoogleErrors.invalidPayload(
        "Unknown name \""
            + path
            + "\": Cannot bind query parameter. Field '"
            + path
            + "' could not be found in request message.");
  }
}
