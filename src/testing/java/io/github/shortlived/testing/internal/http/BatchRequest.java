package io.github.shortlived.testing.internal.http;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.sun.net.httpserver.Headers;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the calls of a batch request: each part of its {@code multipart/mixed} body is an HTTP
 * request. The texts of the errors are unverified.
 *
 * @see <a href="https://cloud.google.com/compute/docs/api/how-tos/batch">Batch requests</a>
 */
final class BatchRequest {
  static final String PREFIX = "/batch";
  private static final int MOST_CALLS = 1000;
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "multipart/mixed\\s*;.*?boundary\\s*=\\s*(?:\"([^\"]+)\"|([^\\s;]+)).*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Z]+) +(\\S+)(?: +HTTP/\\S+)?\\s*");
  private static final Pattern HEADER = Pattern.compile("([^\\s:]+)[ \t]*:(.*)");
  private static final Splitter LINES = Splitter.on('\n').omitEmptyStrings();

  /** A call of the batch, and the id that the client gave its part; empty if there is none. */
  record Part(String contentId, HttpCall call) {}

  private BatchRequest() {}

  /** Returns the calls in their order. */
  static List<Part> parts(HttpCall batch) {
    String body = batch.body();
    Matcher type = BOUNDARY.matcher(batch.header("Content-Type").orElse(""));
    if (!type.matches()) {
      throw GoogleErrors.invalid("The Content-Type must be multipart/mixed with a boundary.");
    }
    String boundary = type.group(1) == null ? type.group(2) : type.group(1);
    List<Part> parts = texts(body, boundary).stream().map(text -> part(text, batch)).toList();
    if (parts.isEmpty() || parts.size() > MOST_CALLS) {
      throw GoogleErrors.invalid("A batch must have 1 to " + MOST_CALLS + " calls.");
    }
    return parts;
  }

  /**
   * Splits a body at its boundary lines, and drops the text before the first and after the last.
   */
  private static List<String> texts(String body, String boundary) {
    Pattern line =
        Pattern.compile("^--" + Pattern.quote(boundary) + "(?:--)?[ \t]*$", Pattern.MULTILINE);
    List<String> texts = Splitter.on(line).splitToList(body.replace("\r\n", "\n"));
    if (texts.size() < 2 || !body.stripTrailing().endsWith("--" + boundary + "--")) {
      throw GoogleErrors.invalid(
          "The last line of a batch must be its boundary between two hyphens each.");
    }
    return texts.subList(1, texts.size() - 1);
  }

  private static Part part(String text, HttpCall batch) {
    int end = endOfHead(text);
    Headers headers = headers(text.substring(0, end));
    String id = headers.containsKey("Content-ID") ? headers.getFirst("Content-ID") : "";
    return new Part(id, call(text.substring(Math.min(end + 2, text.length())), batch));
  }

  /** Reads a request, whose headers are those of the batch and its own. */
  private static HttpCall call(String text, HttpCall batch) {
    int end = endOfHead(text);
    List<String> head = LINES.limit(2).splitToList(text.substring(0, end));
    Matcher line = REQUEST_LINE.matcher(head.isEmpty() ? "" : head.get(0));
    if (!line.matches()) {
      throw malformed("a first line METHOD /PATH");
    }
    URI target = target(line.group(2));
    Headers all = inherited(batch.headers());
    all.putAll(headers(head.size() > 1 ? head.get(1) : ""));
    String body = text.substring(end).strip();
    return new HttpCall(
        line.group(1), target.getRawPath(), () -> query(target, all, batch), all, () -> body);
  }

  /** Reads the target: a path, or a URL as Google's Java clients send it. */
  private static URI target(String text) {
    URI target = uri(text);
    String path = Objects.requireNonNullElse(target.getRawPath(), "");
    if (!path.startsWith("/") || path.startsWith(PREFIX)) {
      throw malformed("the path of a method, and not that of a batch");
    }
    return target;
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException notUri) {
      throw malformed("a path without special characters");
    }
  }

  /** Adds the token in the query of the batch to a call that has none (unverified). */
  private static Map<String, List<String>> query(URI target, Headers headers, HttpCall batch) {
    Map<String, List<String>> all = RequestBody.parameters(target.getRawQuery());
    if (!headers.containsKey("Authorization")
        && Collections.disjoint(all.keySet(), HttpCall.TOKENS)) {
      batch.tokenParameter().ifPresent(token -> all.put(HttpCall.TOKENS.get(0), List.of(token)));
    }
    return all;
  }

  /** Returns the headers of the batch that apply to each of its calls. */
  private static Headers inherited(Headers outer) {
    Headers headers = new Headers();
    headers.putAll(outer);
    headers.keySet().removeIf(name -> Ascii.toLowerCase(name).startsWith("content-"));
    return headers;
  }

  private static int endOfHead(String text) {
    int blankLine = text.indexOf("\n\n");
    return blankLine < 0 ? text.length() : blankLine;
  }

  private static Headers headers(String lines) {
    Headers headers = new Headers();
    for (String line : LINES.split(lines.replaceAll("\n[ \t]+", " "))) {
      Matcher header = HEADER.matcher(line);
      if (!header.matches()) {
        throw malformed("lines of the form NAME: VALUE");
      }
      headers.add(header.group(1), header.group(2).strip());
    }
    return headers;
  }

  private static RpcException malformed(String rule) {
    return GoogleErrors.invalid("A part of the batch is not an HTTP request: use " + rule + ".");
  }
}
