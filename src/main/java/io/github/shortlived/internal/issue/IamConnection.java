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
 * The connections to the IAM Service Account Credentials API, and the transport of the token
 * endpoints. Each is created by the first call that needs it, because a key signs without network.
 * Thread-safe.
 */
final class IamConnection implements AutoCloseable {
  private final URI endpoint;
  private final boolean grpc;
  private final HttpTransportFactory transports;
  private final ReentrantLock lock = new ReentrantLock();
  // Written under the lock, and read without it: calls of many threads would wait for it.
  private volatile @Nullable BoundedTransport transport;
  private volatile @Nullable GoogleApiClient<IamCredentialsClient> client;
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
    BoundedTransport created = transport;
    return created == null ? createTransport() : created;
  }

  private BoundedTransport createTransport() {
    lock.lock();
    try {
      checkOpen();
      BoundedTransport created = transport;
      if (created == null) {
        created = BoundedTransport.of(transports.create());
        transport = created;
      }
      return created;
    } finally {
      lock.unlock();
    }
  }

  /** Returns Google's client. */
  GoogleApiClient<IamCredentialsClient> client() {
    GoogleApiClient<IamCredentialsClient> created = client;
    return created == null ? createClient() : created;
  }

  private GoogleApiClient<IamCredentialsClient> createClient() {
    lock.lock();
    try {
      checkOpen();
      GoogleApiClient<IamCredentialsClient> created = client;
      if (created == null) {
        created = connect();
        client = created;
      }
      return created;
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
      GoogleApiClient<IamCredentialsClient> connected = client;
      client = null;
      if (connected != null) {
        connected.close();
      }
      BoundedTransport created = transport;
      transport = null;
      if (created != null) {
        created.shutdown();
      }
    } catch (IOException e) {
      // Nothing else can be done.
    } finally {
      lock.unlock();
    }
  }
}
