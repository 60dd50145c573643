package io.github.shortlived.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.http.HttpTransportFactory;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;

/**
 * Transports for source credentials: those of the builder, with two changes for which google-auth
 * has no setting. Redirects can be refused: google-http-client follows them with the body and most
 * headers. An error of a Security Token Service in another form than OAuth 2.0, such as a proxy's
 * page, is thrown with its status and body: google-auth cannot parse it, and loses both.
 *
 * @param transports send the requests
 * @param followsRedirects whether a redirect is followed or refused
 */
public record SourceTransport(HttpTransportFactory transports, boolean followsRedirects)
    implements HttpTransportFactory {
  @Override
  public HttpTransport create() {
    return new Transport(transports.create());
  }

  private final class Transport extends HttpTransport {
    private final HttpTransport transport;

    Transport(HttpTransport transport) {
      this.transport = transport;
    }

    @Override
    public boolean supportsMethod(String method) throws IOException {
      return transport.supportsMethod(method);
    }

    @Override
    public boolean isMtls() {
      return transport.isMtls();
    }

    @Override
    public void shutdown() throws IOException {
      transport.shutdown();
    }

    @Override
    public boolean isShutdown() {
      return transport.isShutdown();
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
      return new Request(transport, method, url);
    }
  }

  private final class Request extends ForwardedRequest {
    private static final Pattern TOKEN_SERVICE = Pattern.compile("https?://[^/]*\\bsts\\b[^/]*/");
    private static final int MAX_ERROR = 64 * 1024;

    private final String url;

    Request(HttpTransport transport, String method, String url) {
      super(transport, method, url);
      this.url = url;
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
      HttpResponse response = request().setFollowRedirects(followsRedirects).execute();
      int status = response.getStatusCode();
      if (!followsRedirects && HttpStatusCodes.isRedirect(status)) {
        response.disconnect();
        throw new IOException("HTTP %d: redirect refused".formatted(status));
      }
      return !response.isSuccessStatusCode() && TOKEN_SERVICE.matcher(url).lookingAt()
          ? oauthError(response)
          : new ForwardedResponse(response, response.getContent());
    }

    /** Returns the response if google-auth can parse it. */
    private static LowLevelHttpResponse oauthError(HttpResponse response) throws IOException {
      byte[] content;
      try (InputStream body = response.getContent()) {
        content = body == null ? new byte[0] : body.readNBytes(MAX_ERROR);
      }
      String text = new String(content, UTF_8);
      if (isOauthError(text)) {
        return new ForwardedResponse(response, new ByteArrayInputStream(content));
      }
      throw new IOException(
          "The token service responded with HTTP " + response.getStatusCode(),
          new HttpResponseException.Builder(
                  response.getStatusCode(), response.getStatusMessage(), response.getHeaders())
              .setContent(text)
              .build());
    }

    private static boolean isOauthError(String text) {
      try {
        return JsonParser.parseString(text) instanceof JsonObject body
            && body.get("error") instanceof JsonPrimitive;
      } catch (JsonParseException e) {
        return false;
      }
    }
  }
}
