package io.github.shortlived.testing.internal.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A form in place of a JSON body: Google reads its fields as parameters of the query. */
public final class FormBody {
  public static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

  private FormBody() {}

  /** Returns the call with the fields of its form in the query, and any other call unchanged. */
  public static HttpCall asQuery(HttpCall call) {
    return call.mediaType().equals(MEDIA_TYPE)
        ? new HttpCall(
            call.method(), call.path(), () -> parameters(call), call.headers(), () -> blank(call))
        : call;
  }

  private static Map<String, List<String>> parameters(HttpCall call) {
    Map<String, List<String>> all = new LinkedHashMap<>(call.query());
    RequestBody.parameters(call.body())
        .forEach((name, values) -> all.merge(name, values, FormBody::concat));
    return all;
  }

  private static List<String> concat(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** Reads the body, which may be invalid, and leaves nothing of it. */
  private static String blank(HttpCall call) {
    return call.body().substring(0, 0);
  }
}
