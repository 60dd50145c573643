package io.github.shortlived.internal.client;

import com.google.api.client.http.HttpTransport;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP transport for all requests of source credentials. google-auth creates a transport for
 * each request and never shuts it down; this one is shut down when it has no more holders.
 * Thread-safe.
 */
public final class SharedTransport implements HttpTransportFactory {
  private final HttpTransportFactory transports;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock, as is the number of holders.
  private @Nullable HttpTransport shared;
  private int holders;

  public SharedTransport(HttpTransportFactory transports) {
    this.transports = transports;
  }

  /** Keeps the transport open until the returned action runs; its later runs do nothing. */
  public Runnable hold() {
    AtomicBoolean released = new AtomicBoolean();
    lock.lock();
    try {
      holders++;
    } finally {
      lock.unlock();
    }
    return () -> {
      if (released.compareAndSet(false, true)) {
        release();
      }
    };
  }

  /**
   * Returns the shared transport. If it has no holder, returns a new one, which is not shut down.
   */
  @Override
  public HttpTransport create() {
    lock.lock();
    try {
      if (holders == 0) {
        return transports.create();
      } else if (shared == null) {
        shared = transports.create();
      }
      return shared;
    } finally {
      lock.unlock();
    }
  }

  private void release() {
    lock.lock();
    try {
      holders--;
      if (holders == 0 && shared != null) {
        shared.shutdown();
        shared = null;
      }
    } catch (IOException e) {
      shared = null; // Its connections are closed, or cannot be.
    } finally {
      lock.unlock();
    }
  }
}
