package io.github.shortlived.internal.client;

import com.google.api.gax.httpjson.ApiMethodDescriptor;
import com.google.api.gax.httpjson.HttpJsonCallOptions;
import com.google.api.gax.httpjson.HttpJsonChannel;
import com.google.api.gax.httpjson.HttpJsonClientCall;
import com.google.api.gax.httpjson.HttpJsonClientInterceptor;
import com.google.api.gax.httpjson.HttpJsonInterceptorProvider;
import java.util.List;

/**
 * Removes gax's timeout from HTTP/JSON calls: it starts a thread that is no daemon, so that the JVM
 * does not exit until the client is closed. {@link GoogleApiClient} enforces the deadline instead.
 */
final class NoTimeoutInterceptor implements HttpJsonInterceptorProvider, HttpJsonClientInterceptor {
  @Override
  public List<HttpJsonClientInterceptor> getInterceptors() {
    return List.of(this);
  }

  @Override
  public <Q, R> HttpJsonClientCall<Q, R> interceptCall(
      ApiMethodDescriptor<Q, R> method, HttpJsonCallOptions options, HttpJsonChannel next) {
    return next.newCall(method, options.toBuilder().setTimeoutDuration(null).build());
  }
}
