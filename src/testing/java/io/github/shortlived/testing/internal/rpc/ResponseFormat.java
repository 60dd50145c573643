package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.github.shortlived.testing.internal.http.FieldSelection;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.SystemParameters;
import io.github.shortlived.testing.internal.json.Json;
import java.util.Optional;

/** The form of the response of a method, which the system parameters of the call select. */
record ResponseFormat(boolean enumsAsInts, Optional<FieldSelection> fields) {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  /** Reads the parameters, and refuses fields that the response does not have. */
  static ResponseFormat of(HttpCall call, Descriptor response) {
    SystemParameters parameters = SystemParameters.of(call);
    return new ResponseFormat(
        parameters.enumsAsInts(),
        parameters.fields().map(selection -> ResponseFields.of(response, selection)));
  }

  String print(Message response) {
    String json = json(response);
    return fields.map(selection -> selection.in(Json.object(json)).toString()).orElse(json);
  }

  private String json(Message response) {
    try {
      return (enumsAsInts ? PRINTER.printingEnumsAsInts() : PRINTER).print(response);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("JSON cannot represent the response", e);
    }
  }
}
