package io.github.shortlived.internal.issue;

import com.google.auth.http.HttpTransportFactory;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.http.BoundedTransport;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the IAM Service Account Credentials API. Each is created by the first call
 * that needs it, because a key signs without network. Thread-safe.
 */
final class IamConnection implements AutoCloseable {
  private final URI endpoint;
  private final boolean grpc;
  private final HttpTransportFactory transports;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private @Nullable BoundedTransport transport;
  private @Nullable GoogleApiClient<IamCredentialsClient> client;
  private volatile boolean closed;

  /**
   * Creates a connection; does not connect.
   *
   * @param grpc whether the client uses gRPC instead of HTTP/JSON
   */
  IamConnection(URI endpoint, boolean grpc, HttpTransportFactory transports) {
    this.endpoint = endpoint;
    this.grpc = grpc;
    this.transports = transports;
  }

  URI endpoint() {
    return endpoint;
  }

  /**
   * Checks that this is open.
   *
   * @throws IllegalStateException if this is closed
   */
  void checkOpen() {
    if (closed) {
      throw InternalExceptions.closed();
    }
  }

  /** Returns the transport of calls over HTTP. */
  BoundedTransport transport() {
    lock.lock();
    try {
      checkOpen();
      if (transport == null) {
        transport = BoundedTransport.of(transports.create());
      }
      return transport;
    } finally {
      lock.unlock();
    }
  }

  /** Returns Google's client. */
  GoogleApiClient<IamCredentialsClient> client() {
    lock.lock();
    try {
      checkOpen();
      if (client == null) {
        client = connect();
      }
      return client;
    } finally {
      lock.unlock();
    }
  }

  private GoogleApiClient<IamCredentialsClient> connect() {
    try {
      return grpc
          ? GoogleApiClient.iamCredentialsGrpc(endpoint)
          : GoogleApiClient.iamCredentialsHttpJson(endpoint, transport());
    } catch (IOException e) {
      throw InternalExceptions.translate(e, "Starting the IAM Credentials client");
    }
  }

  /** Closes the connections. Later calls throw {@link IllegalStateException}. */
  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      if (client != null) {
        client.close();
        client = null;
      }
      if (transport != null) {
        transport.shutdown();
        transport = null;
      }
    } catch (IOException e) {
      transport = null; // Nothing else can be done.
    } finally {
      lock.unlock();
    }
  }
}
