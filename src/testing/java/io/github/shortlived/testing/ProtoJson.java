package io.github.shortlived.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Messages to and from JSON, with Google's words for JSON that does not fit. */
final class ProtoJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Cannot find field: (.*) in message .*");

  /** What protobuf says before it quotes a value or names a class; its words are not Google's. */
  private static final Pattern RULE = Pattern.compile("[A-Z][A-Za-z0-9_ ]*[a-z0-9](?=[:.]?( |$))");

  private ProtoJson() {}

  static String print(Message message, boolean enumsAsInts) {
    try {
      return (enumsAsInts ? PRINTER.printingEnumsAsInts() : PRINTER).print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("An answer that JSON cannot say", e);
    }
  }

  static Message parse(String json, Message prototype) {
    Message.Builder builder = prototype.newBuilderForType();
    try {
      JsonFormat.parser().merge(json, builder);
    } catch (InvalidProtocolBufferException misfit) {
      throw Refusals.invalidPayload(problem(misfit));
    }
    return builder.build();
  }

  /** A request body; none at all is an empty object. */
  static JsonObject body(String text) {
    try {
      return text.isBlank() ? new JsonObject() : Json.object(text);
    } catch (JsonParseException malformed) {
      throw Refusals.invalidPayload("Unexpected token.");
    }
  }

  /** Without values: these may be secrets, and the refusal goes into the log of calls. */
  private static String problem(InvalidProtocolBufferException misfit) {
    String message = Optional.ofNullable(misfit.getMessage()).orElse("");
    Matcher unknown = UNKNOWN_FIELD.matcher(message);
    Matcher rule = RULE.matcher(message);
    return unknown.matches()
        ? "Unknown name \"" + unknown.group(1) + "\": Cannot find field."
        : rule.lookingAt() ? rule.group() + "." : "Unexpected value.";
  }
}
