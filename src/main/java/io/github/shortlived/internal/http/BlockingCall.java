package io.github.shortlived.internal.http;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.IOException;

/** One request to a blocking client. */
interface BlockingCall {
  /** Sends the request and reads the response. It is called once. */
  LowLevelHttpResponse call() throws IOException;

  /**
   * Stops the call as soon as the client allows, because no thread waits for the response. It is
   * called on another thread than {@link #call}, at any time.
   */
  void abandon();
}
