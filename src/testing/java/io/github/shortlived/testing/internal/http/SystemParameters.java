package io.github.shortlived.testing.internal.http;

import com.google.common.base.Ascii;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.json.Json;
import java.util.Optional;
import java.util.Set;

/**
 * The system parameters of a call that select the form of its response. An API key is ignored.
 *
 * @see <a href="https://cloud.google.com/apis/docs/system-parameters">System parameters</a>
 */
public record SystemParameters(boolean enumsAsInts, Optional<FieldSelection> fields) {
  /** The project for quota and billing; its header has precedence (unverified). */
  public static final String USER_PROJECT = "$userProject";

  private static final Set<String> NAMES =
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

  /** Returns whether a parameter of the query is none of the request's fields. */
  public static boolean contains(String name) {
    return name.startsWith("$") || NAMES.contains(name);
  }

  /** Reads the parameters, and refuses other formats than JSON. */
  public static SystemParameters of(HttpCall call) {
    String alt = Ascii.toLowerCase(call.parameter("$alt", "alt").orElse("json"));
    if (!alt.equals("json") && !alt.startsWith("json;")) {
      throw GoogleErrors.notEmulated("A response other than JSON (the query parameter alt)");
    }
    if (call.parameter("$callback", "callback").isPresent()) {
      throw GoogleErrors.notEmulated("JSONP (the query parameter callback)");
    }
    return new SystemParameters(
        alt.endsWith("enum-encoding=int"),
        call.parameter("$fields", "fields")
            .or(() -> call.header("X-Goog-FieldMask").filter(mask -> !mask.isBlank()))
            .map(FieldSelection::of));
  }

  /** Returns the selected part of a success; a name that the response does not have is ignored. */
  HttpReply applied(HttpReply reply) {
    boolean isSuccess = reply.status() < 400 && reply.isJson();
    return fields
        .filter(selection -> isSuccess)
        .map(selection -> reply.withBody(selection.in(Json.object(reply.body()))))
        .orElse(reply);
  }
}
