package io.github.shortlived.internal.http;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URL;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests with {@link HttpURLConnection}, the client that starts soonest. Each concurrent
 * call has a TLS connection of its own, which the next call uses again; without TLS, the JDK keeps
 * five connections to a host, for all senders. The JDK closes connections that are idle for some
 * seconds.
 *
 * <p>The request is buffered. In the JDK's streaming mode, the body of a response with status 401
 * would be lost, and each call would wait 1 ms to see whether its connection is still open. The JDK
 * sends a buffered request once more if the connection fails before the response begins.
 */
final class UrlConnectionSender implements Sender {
  private static final Set<String> METHODS = Set.of("DELETE", "GET", "HEAD", "POST", "PUT");

  /**
   * Gives passwords of the process's authenticator to proxies only. The JDK would also answer a 401
   * with one, in the place of the token.
   */
  private static final Authenticator PROXY_ONLY =
      new Authenticator() {
        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
          Authenticator process = Authenticator.getDefault();
          return process == null || getRequestorType() != RequestorType.PROXY
              ? null
              : Authenticator.requestPasswordAuthentication(
                  process,
                  getRequestingHost(),
                  getRequestingSite(),
                  getRequestingPort(),
                  getRequestingProtocol(),
                  getRequestingPrompt(),
                  getRequestingScheme(),
                  getRequestingURL(),
                  getRequestorType());
        }
      };

  // Last in, first out: the connection used last is the most likely to be open.
  private final Deque<TlsSockets> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  @Override
  public boolean supports(String method) {
    return METHODS.contains(method);
  }

  @Override
  public LowLevelHttpResponse send(BoundedRequest request) throws IOException {
    return DaemonThreads.call(new Call(request), request.totalMillis());
  }

  private TlsSockets take() {
    TlsSockets last = idle.pollFirst();
    return last == null ? new TlsSockets() : last;
  }

  private void release(TlsSockets sockets) {
    idle.addFirst(sockets);
    if (closed) {
      closeIdle();
    }
  }

  private void closeIdle() {
    for (TlsSockets each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      each.close();
    }
  }

  @Override
  public boolean isMtls() {
    return false;
  }

  /** Closes the TLS connections; later calls use each of theirs only once. */
  @Override
  public void close() {
    closed = true;
    closeIdle();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  private final class Call implements BlockingCall {
    private static final int FIRST_ERROR = 400;

    private final BoundedRequest request;
    private final TlsSockets sockets = take();
    private volatile @Nullable HttpURLConnection connection;
    private volatile boolean readsBody;
    private volatile boolean abandoned;
    private boolean finished; // Guarded by this.

    Call(BoundedRequest request) {
      this.request = request;
    }

    @Override
    public LowLevelHttpResponse call() throws IOException {
      HttpURLConnection opened = open();
      connection = opened;
      boolean complete = false;
      try {
        send(opened);
        LowLevelHttpResponse response = receive(opened);
        complete = true;
        return response;
      } finally {
        if (!complete) {
          opened.disconnect();
        }
        finish();
      }
    }

    private synchronized void finish() {
      finished = true;
      if (!abandoned) {
        release(sockets);
      }
    }

    private HttpURLConnection open() throws IOException {
      HttpURLConnection opened = (HttpURLConnection) new URL(request.url()).openConnection();
      if (opened instanceof HttpsURLConnection https) {
        https.setSSLSocketFactory(sockets);
      }
      opened.setRequestMethod(request.method());
      opened.setInstanceFollowRedirects(false);
      opened.setUseCaches(false);
      opened.setAuthenticator(PROXY_ONLY);
      opened.setConnectTimeout(request.connectMillis());
      opened.setReadTimeout(request.totalMillis());
      for (Map.Entry<String, String> header : request.headers()) {
        opened.addRequestProperty(header.getKey(), header.getValue());
      }
      return opened;
    }

    private void send(HttpURLConnection opened) throws IOException {
      byte[] body = request.body();
      opened.setDoOutput(body != null);
      opened.connect();
      requireAwaited();
      if (body != null) {
        try (OutputStream out = opened.getOutputStream()) {
          out.write(body);
        }
      }
    }

    private LowLevelHttpResponse receive(HttpURLConnection opened) throws IOException {
      int status = opened.getResponseCode();
      readsBody = true;
      requireAwaited();
      if (status < 0) {
        throw new IOException("The response is not HTTP");
      }
      return BufferedResponse.of(
          opened.getHeaderField(0),
          status,
          opened.getResponseMessage(),
          headers(opened),
          body(opened, status));
    }

    private static List<Map.Entry<String, String>> headers(HttpURLConnection opened) {
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (int i = 1; opened.getHeaderFieldKey(i) != null; i++) {
        headers.add(Map.entry(opened.getHeaderFieldKey(i), opened.getHeaderField(i)));
      }
      return headers;
    }

    private byte[] body(HttpURLConnection opened, int status) throws IOException {
      try (InputStream in =
          status < FIRST_ERROR ? opened.getInputStream() : opened.getErrorStream()) {
        byte[] body = in == null ? new byte[0] : Body.read(in, () -> abandoned);
        requireWhole(opened, status, body.length);
        return body;
      }
    }

    /** Throws if the connection closed within the body, which the JDK ignores. */
    private void requireWhole(HttpURLConnection opened, int status, int received)
        throws IOException {
      long expected = opened.getContentLengthLong();
      boolean mayBeEmpty =
          request.method().equals("HEAD") || status == HttpURLConnection.HTTP_NOT_MODIFIED;
      if (received < expected && !mayBeEmpty) {
        throw new IOException(
            "Connection closed prematurely: received %d of %d bytes".formatted(received, expected));
      }
    }

    private void requireAwaited() throws IOException {
      if (abandoned) {
        throw new IOException("No thread waits for the response");
      }
    }

    /** Closes the connection. Without TLS, the thread that reads the body does it. */
    @Override
    public void abandon() {
      if (!setAbandoned()) {
        return;
      }
      HttpURLConnection opened = connection;
      if (opened != null && !readsBody) {
        opened.disconnect(); // First, because then the JDK does not send the request once more.
      }
      sockets.abort();
    }

    private synchronized boolean setAbandoned() {
      abandoned = true;
      return !finished;
    }
  }
}
