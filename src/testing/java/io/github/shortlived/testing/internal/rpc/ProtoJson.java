package io.github.shortlived.testing.internal.rpc;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.json.Json;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts messages to and from JSON, with Google's texts for malformed JSON. */
final class ProtoJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Cannot find field: (.*) in message .*");

  /** The part of protobuf's message before a value or a class name; the text is not Google's. */
  private static final Pattern RULE = Pattern.compile("[A-Z][A-Za-z0-9_ ]*[a-z0-9](?=[:.]?( |$))");

  private ProtoJson() {}

  static String print(Message message, boolean enumsAsInts) {
    try {
      return (enumsAsInts ? PRINTER.printingEnumsAsInts() : PRINTER).print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("A response that JSON cannot represent", e);
    }
  }

  static Message parse(String json, Message prototype) {
    Message.Builder builder = prototype.newBuilderForType();
    try {
      JsonFormat.parser().merge(json, builder);
    } catch (InvalidProtocolBufferException misfit) {
      throw GoogleErrors.invalidPayload(problem(misfit));
    }
    return builder.build();
  }

  /** Reads a request body; a blank one is an empty object. */
  static JsonObject body(String text) {
    try {
      return text.isBlank() ? new JsonObject() : Json.object(text);
    } catch (JsonParseException malformed) {
      throw GoogleErrors.invalidPayload("Unexpected token.");
    }
  }

  /** Leaves out values, which may be secrets: the refusal is in the log of calls. */
  private static String problem(InvalidProtocolBufferException misfit) {
    String message = Optional.ofNullable(misfit.getMessage()).orElse("");
    Matcher unknown = UNKNOWN_FIELD.matcher(message);
    Matcher rule = RULE.matcher(message);
    return unknown.matches()
        ? "Unknown name \"" + unknown.group(1) + "\": Cannot find field."
        : rule.lookingAt() ? rule.group() + "." : "Unexpected value.";
  }
}
