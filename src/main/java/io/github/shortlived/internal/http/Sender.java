package io.github.shortlived.internal.http;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.Closeable;
import java.io.IOException;

/** Sends requests and reads their responses whole. Thread-safe. Follows no redirect. */
interface Sender extends Closeable {
  /** Returns whether requests with this method can be sent. */
  boolean supports(String method) throws IOException;

  /**
   * Sends the request and returns the response with its whole body in memory.
   *
   * @throws java.net.SocketTimeoutException if the request's total timeout expires
   * @throws java.io.InterruptedIOException if the thread is interrupted; its status is kept
   * @throws IOException if there is no response, or it is larger than {@link Body#MAX_BYTES}
   */
  LowLevelHttpResponse send(BoundedRequest request) throws IOException;

  /** Returns whether connections have a client certificate. */
  boolean isMtls();

  /** Closes the idle connections, as far as they are known. */
  @Override
  void close() throws IOException;

  boolean isClosed();
}
