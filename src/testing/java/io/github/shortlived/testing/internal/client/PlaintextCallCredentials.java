package io.github.shortlived.testing.internal.client;

import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors.CheckedForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the credentials of a call as plain headers, because gRPC refuses to send them over a
 * channel without encryption, such as the emulator's.
 */
public final class PlaintextCallCredentials implements ClientInterceptor {
  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    CallCredentials credentials = options.getCredentials();
    if (credentials == null) {
      return next.newCall(method, options);
    }
    ClientCall<A, B> call = next.newCall(method, withoutCredentials(options));
    return new CheckedForwardingClientCall<>(call) {
      @Override
      protected void checkedStart(Listener<B> listener, Metadata headers) throws StatusException {
        headers.merge(headersOf(credentials, new Call(method, options, next.authority())));
        delegate().start(listener, headers);
      }
    };
  }

  @SuppressWarnings("NullAway") // Null means none; gRPC does not annotate it.
  private static CallOptions withoutCredentials(CallOptions options) {
    return options.withCallCredentials(null);
  }

  /** Blocks while the credentials fetch a token; gRPC itself would queue the call. */
  private static Metadata headersOf(CallCredentials credentials, Call call) throws StatusException {
    Applier applier = new Applier();
    credentials.applyRequestMetadata(call, Runnable::run, applier);
    try {
      return applier.headers.join();
    } catch (CompletionException failed) {
      throw Status.fromThrowable(failed).asException();
    }
  }

  private static final class Applier extends CallCredentials.MetadataApplier {
    private final CompletableFuture<Metadata> headers = new CompletableFuture<>();

    @Override
    public void apply(Metadata found) {
      headers.complete(found);
    }

    @Override
    public void fail(Status status) {
      headers.completeExceptionally(status.asException());
    }
  }

  /** Describes the call to its credentials as if it were encrypted. */
  private static final class Call extends CallCredentials.RequestInfo {
    private final MethodDescriptor<?, ?> method;
    private final CallOptions options;
    private final @Nullable String authority;

    Call(MethodDescriptor<?, ?> method, CallOptions options, @Nullable String authority) {
      this.method = method;
      this.options = options;
      this.authority = authority;
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return method;
    }

    @Override
    public CallOptions getCallOptions() {
      return options;
    }

    @Override
    public SecurityLevel getSecurityLevel() {
      return SecurityLevel.PRIVACY_AND_INTEGRITY;
    }

    @Override
    public String getAuthority() {
      return authority == null ? "" : authority;
    }

    @Override
    public Attributes getTransportAttrs() {
      return Attributes.EMPTY;
    }
  }
}
