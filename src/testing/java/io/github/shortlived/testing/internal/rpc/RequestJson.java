package io.github.shortlived.testing.internal.rpc;

import com.google.api.HttpRule;
import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The request of a REST call as JSON, merged from the body, the query and the path. */
final class RequestJson {
  private static final Splitter DOTS = Splitter.on('.');
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Cannot find field: (.*) in message .*");

  /** Matches the start of protobuf's message, up to a value or a class name. */
  private static final Pattern RULE = Pattern.compile("[A-Z][A-Za-z0-9_ ]*[a-z0-9](?=[:.]?( |$))");

  private static final Pattern NAME = Pattern.compile("[\\w.$-]{1,100}");

  private final Descriptor type;
  private final JsonObject root;

  private RequestJson(Descriptor type, JsonObject root) {
    this.type = type;
    this.root = root;
  }

  /**
   * Reads the body, which fills the request or the field that the rule names. A rule without a body
   * accepts one: getIamPolicy declares none, but Google's page sends one.
   */
  static RequestJson of(Descriptor published, HttpRule rule, String body) {
    Descriptor type = RestField.typeOf(published);
    RequestJson request = new RequestJson(type, root(type, rule, object(body)));
    JsonShapes.require(type, request.root);
    return request;
  }

  private static JsonObject root(Descriptor type, HttpRule rule, JsonObject body) {
    if (rule.getBody().isEmpty() || rule.getBody().equals("*")) {
      return body;
    }
    JsonObject root = new JsonObject();
    set(root, type.findFieldByName(rule.getBody()), body);
    return root;
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

  /** Converts the JSON to a message, with Google's texts for JSON that does not fit it. */
  Message toMessage(Message prototype) {
    boolean isPublished = type.equals(prototype.getDescriptorForType());
    Message.Builder builder =
        isPublished ? prototype.newBuilderForType() : DynamicMessage.newBuilder(type);
    try {
      JsonFormat.parser().merge(root.toString(), builder);
      Message request = EnumValues.requireKnown(builder.build());
      return isPublished ? request : published(prototype, request);
    } catch (InvalidProtocolBufferException malformed) {
      throw GoogleErrors.invalidPayload(problem(malformed));
    }
  }

  /** Converts a message to its published type, which stores the other fields as unknown ones. */
  private static Message published(Message prototype, Message extended)
      throws InvalidProtocolBufferException {
    return prototype.getParserForType().parseFrom(extended.toByteString());
  }

  /** Reads a body; a blank one is an empty object. */
  private static JsonObject object(String body) {
    try {
      return body.isBlank() ? new JsonObject() : Json.object(body);
    } catch (JsonParseException malformed) {
      throw GoogleErrors.invalidPayload("Unexpected token.");
    }
  }

  /** Leaves out values, which may be secrets: the error is in the call log. */
  private static String problem(InvalidProtocolBufferException malformed) {
    String message = String.valueOf(malformed.getMessage());
    Matcher unknown = UNKNOWN_FIELD.matcher(message);
    Matcher rule = RULE.matcher(message);
    return unknown.matches()
        ? "Unknown name \"" + unknown.group(1) + "\": Cannot find field."
        : rule.lookingAt() ? rule.group() + "." : "Unexpected value.";
  }

  /** Finds a field by its JSON or proto name. */
  static Optional<FieldDescriptor> field(Descriptor type, String name) {
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
    return new JsonPrimitive(isBoolean ? Ascii.toLowerCase(value) : value);
  }

  /** Leaves out a name that is JSON: a form may have the whole body in place of a name. */
  private static RpcException unknown(String path) {
    return GoogleErrors.invalidPayload(
        "Unknown name \"%1$s\": Cannot bind query parameter. Field '%1$s' could not be found in request message."
            .formatted(NAME.matcher(path).matches() ? path : "…"));
  }
}
