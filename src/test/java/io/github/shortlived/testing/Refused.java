package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.common.base.Throwables;
import com.google.common.collect.Iterables;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * The error of a service, on either transport. Over REST, the generated clients parse only the
 * status; message and details are read from the body.
 */
public record Refused(
    StatusCode.Code code, String message, @Nullable String reason, Map<String, String> metadata) {

  public static Refused by(ThrowingCallable call) {
    ApiException refusal =
        Objects.requireNonNull(catchThrowableOfType(ApiException.class, call), "not refused");
    HttpResponseException http =
        Iterables.getFirst(
            Iterables.filter(Throwables.getCausalChain(refusal), HttpResponseException.class),
            null);
    return http == null ? ofGrpc(refusal) : ofRest(refusal, http);
  }

  public @Nullable String permission() {
    return metadata.get("permission");
  }

  private static Refused ofGrpc(ApiException refusal) {
    Map<String, String> metadata = refusal.getMetadata();
    return new Refused(
        refusal.getStatusCode().getCode(),
        String.valueOf(refusal.getMessage()),
        refusal.getReason(),
        metadata == null ? Map.of() : metadata);
  }

  private static Refused ofRest(ApiException refusal, HttpResponseException http) {
    JsonObject error =
        JsonParser.parseString(http.getContent()).getAsJsonObject().getAsJsonObject("error");
    String message = error.get("message").getAsString();
    if (!error.has("details")) {
      return new Refused(refusal.getStatusCode().getCode(), message, null, Map.of());
    }
    JsonObject info = error.getAsJsonArray("details").get(0).getAsJsonObject();
    Map<String, String> metadata = new TreeMap<>();
    info.getAsJsonObject("metadata")
        .entrySet()
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().getAsString()));
    return new Refused(
        refusal.getStatusCode().getCode(), message, info.get("reason").getAsString(), metadata);
  }
}
