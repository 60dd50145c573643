package io.github.shortlived.testing.internal.rpc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.Set;

/**
 * Refuses values in a JSON body that Google refuses and protobuf's reader accepts: an array with
 * one item in place of the item, a number or a boolean in place of a string, and a value in place
 * of an object that the path or the query then fills.
 */
final class JsonShapes {
  /** The messages that are strings in JSON. */
  private static final Set<String> TEXTS =
      Set.of("google.protobuf.Duration", "google.protobuf.FieldMask", "google.protobuf.Timestamp");

  private JsonShapes() {}

  /** Checks the fields of a message. Protobuf's reader refuses the unknown ones. */
  static void require(Descriptor type, JsonObject message) {
    require(type, message, "");
  }

  private static void require(Descriptor type, JsonObject message, String path) {
    message
        .asMap()
        .forEach(
            (name, value) ->
                RequestJson.field(type, name)
                    .filter(field -> !field.isMapField())
                    .ifPresent(field -> requireField(field, value, path)));
  }

  private static void requireField(FieldDescriptor field, JsonElement value, String parent) {
    String path = parent.isEmpty() ? field.getName() : parent + "." + field.getName();
    if (field.isRepeated() && value instanceof JsonArray items) {
      for (int i = 0; i < items.size(); i++) {
        requireOne(field, items.get(i), parent, path + "[" + i + "]");
      }
    } else {
      requireOne(field, value, parent, path);
    }
  }

  private static void requireOne(
      FieldDescriptor field, JsonElement value, String parent, String path) {
    if (value instanceof JsonArray) {
      throw GoogleErrors.notRepeating(field.getJsonName(), parent);
    }
    if (value instanceof JsonPrimitive simple
        && (isObject(field) || (isText(field) && !simple.isString()))) {
      throw GoogleErrors.invalidValue(path, typeName(field));
    }
    if (value instanceof JsonObject object && isObject(field)) {
      require(field.getMessageType(), object, path);
    }
  }

  private static boolean isText(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING, BYTES -> true;
      case MESSAGE -> TEXTS.contains(field.getMessageType().getFullName());
      default -> false;
    };
  }

  private static boolean isObject(FieldDescriptor field) {
    return field.getType() == FieldDescriptor.Type.MESSAGE
        && !field.getMessageType().getFile().getPackage().equals("google.protobuf");
  }

  private static String typeName(FieldDescriptor field) {
    return field.getType() == FieldDescriptor.Type.MESSAGE
        ? "type.googleapis.com/" + field.getMessageType().getFullName()
        : "TYPE_" + field.getType();
  }
}
