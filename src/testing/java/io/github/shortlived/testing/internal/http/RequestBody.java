package io.github.shortlived.testing.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.UrlEncodedParser;
import com.google.common.base.Ascii;
import com.google.common.io.ByteStreams;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests: limited in size, decompressed, and as UTF-8 whatever charset they
 * declare. The texts of the errors are unverified.
 */
public final class RequestBody {
  static final int LARGEST = 1 << 20;
  private static final int LARGEST_DISCARDED = 16 << 20;

  private RequestBody() {}

  /** Reads the body now; the result throws the error of an invalid body. */
  static Supplier<String> read(InputStream body, String encoding) throws IOException {
    try {
      String text = decoded(decompressed(bytes(body), Ascii.toLowerCase(encoding)));
      return () -> text;
    } catch (RpcException error) {
      return () -> {
        throw error;
      };
    }
  }

  /**
   * Returns the values of a query or a form by name, in their order.
   *
   * @throws RpcException if an escape sequence is malformed
   */
  public static Map<String, List<String>> parameters(@Nullable String encoded) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    try {
      UrlEncodedParser.parse(encoded, values);
    } catch (IllegalArgumentException badEscape) {
      throw GoogleErrors.invalidArgument();
    }
    return values;
  }

  private static byte[] bytes(InputStream body) throws IOException {
    try {
      byte[] bytes = body.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        discardRest(body);
      }
      return requireSize(bytes);
    } catch (ClosedChannelException closed) {
      throw closed;
    } catch (IOException broken) {
      throw GoogleErrors.invalid("The request's body ends early or is not well-formed.");
    }
  }

  /**
   * Reads the rest of the body; otherwise a client that is still sending sees a reset instead of
   * the response.
   */
  private static void discardRest(InputStream body) throws IOException {
    ByteStreams.exhaust(ByteStreams.limit(body, LARGEST_DISCARDED));
  }

  private static byte[] requireSize(byte[] bytes) {
    if (bytes.length > LARGEST) {
      String message = "Request payload size exceeds the limit: " + LARGEST + " bytes.";
      throw RpcException.http(413, Code.INVALID_ARGUMENT, message);
    }
    return bytes;
  }

  /** Google's older Java clients compress their requests. */
  private static byte[] decompressed(byte[] bytes, String encoding) {
    return switch (encoding) {
      case "", "identity" -> bytes;
      case "gzip", "x-gzip" -> requireSize(gunzipped(bytes));
      default ->
          throw RpcException.http(
              415, Code.INVALID_ARGUMENT, "Content-Encoding must be gzip or identity.");
    };
  }

  private static byte[] gunzipped(byte[] bytes) {
    try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return stream.readNBytes(LARGEST + 1);
    } catch (IOException notGzip) {
      throw GoogleErrors.invalid("The request's body is not in gzip format.");
    }
  }

  private static String decoded(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw GoogleErrors.invalidPayload("The body is not UTF-8.");
    }
  }
}
