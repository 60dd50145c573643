package io.github.shortlived.testing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP request as it came: the path still percent-encoded, the query taken apart. */
record HttpCall(
    String method,
    String path,
    Map<String, List<String>> query,
    @Nullable String authorization,
    String body) {

  @Override
  public String toString() {
    return "HttpCall[" + method + " " + path + "]";
  }
}
