package io.github.shortlived.testing.internal.metadata;

import com.google.common.primitives.Ints;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Folder;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The parameters of a call: they select the content and the format of a response, and whether it
 * waits for a change. The texts of the errors are unverified.
 */
record MetadataQuery(HttpCall call) {
  private static final String WAIT = "wait_for_change";
  private static final String JSON = "json";
  static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Returns the whole tree below the folder as JSON, or only the names in the folder as text. */
  HttpReply reply(Folder folder) {
    if (call.isTrue("recursive")) {
      String json = folder.json().toString();
      return MetadataReply.withEtag(
          format().orElse(JSON).equals(JSON)
              ? MetadataReply.json(json)
              : MetadataReply.text(
                  folder.lines("").map(line -> line + "\n").collect(Collectors.joining())),
          json);
    }
    if (format().isPresent() || waits()) {
      throw GoogleErrors.invalid("alt and " + WAIT + " of a folder require recursive=true.");
    }
    return MetadataReply.withEtag(MetadataReply.text(folder.listing()), folder.listing());
  }

  HttpReply reply(Value value) {
    boolean asJson = format().map(JSON::equals).orElse(value.isJsonByDefault());
    String json = value.json().toString();
    return MetadataReply.withEtag(
        asJson ? MetadataReply.json(json) : MetadataReply.text(value.text()), json);
  }

  boolean waits() {
    return call.isTrue(WAIT);
  }

  /** Returns the ETag of the content that the client has. */
  Optional<String> lastEtag() {
    return call.parameter("last_etag");
  }

  /**
   * Returns how long a response waits for a change: at most a minute, because a client that has
   * gone is not noticed. Google waits without a limit.
   */
  Duration timeout() {
    return call.parameter("timeout_sec")
        .map(MetadataQuery::seconds)
        .filter(timeout -> timeout.compareTo(LONGEST_WAIT) < 0)
        .orElse(LONGEST_WAIT);
  }

  private Optional<String> format() {
    Optional<String> format = call.parameter("alt");
    if (format.filter(alt -> !alt.equals(JSON) && !alt.equals("text")).isPresent()) {
      throw GoogleErrors.invalid("alt must be json or text.");
    }
    return format;
  }

  private static Duration seconds(String text) {
    return Optional.ofNullable(Ints.tryParse(text))
        .map(Duration::ofSeconds)
        .orElseThrow(() -> GoogleErrors.invalid("timeout_sec must be a number of seconds."));
  }
}
