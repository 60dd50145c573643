package io.github.shortlived.testing.internal.rpc;

import com.google.common.base.Ascii;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.json.Json;
import java.util.Optional;
import java.util.Set;

/**
 * The form of a response that the system parameters of the query select. An API key is ignored.
 *
 * @see <a href="https://cloud.google.com/apis/docs/system-parameters">System parameters</a>
 */
record ResponseFormat(boolean enumsAsInts, Optional<FieldSelection> fields) {
  private static final Set<String> PARAMETERS =
      Set.of(
          "access_token",
          "alt",
          "callback",
          "fields",
          "key",
          "oauth_token",
          "prettyPrint",
          "quotaUser",
          "uploadType",
          "upload_protocol",
          "userIp");
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  /** Returns whether a parameter of the query is none of the request's fields. */
  static boolean isSystemParameter(String name) {
    return name.startsWith("$") || PARAMETERS.contains(name);
  }

  /** Reads the parameters, and refuses other formats than JSON. */
  static ResponseFormat of(HttpCall call, Descriptor response) {
    String alt = Ascii.toLowerCase(call.parameter("$alt", "alt").orElse("json"));
    if (!alt.equals("json") && !alt.startsWith("json;")) {
      throw GoogleErrors.notEmulated("A response other than JSON (the query parameter alt)");
    }
    if (call.parameter("$callback", "callback").isPresent()) {
      throw GoogleErrors.notEmulated("JSONP (the query parameter callback)");
    }
    return new ResponseFormat(
        alt.endsWith("enum-encoding=int"),
        call.parameter("$fields", "fields").map(text -> FieldSelection.of(text, response)));
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
