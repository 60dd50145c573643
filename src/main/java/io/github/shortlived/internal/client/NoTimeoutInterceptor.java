package io.github.shortlived.internal.client;

import com.google.api.gax.httpjson.ApiMethodDescriptor;
import com.google.api.gax.httpjson.HttpJsonCallOptions;
import com.google.api.gax.httpjson.HttpJsonChannel;
import com.google.api.gax.httpjson.HttpJsonClientCall;
import com.google.api.gax.httpjson.HttpJsonClientInterceptor;
import com.google.api.gax.httpjson.HttpJsonInterceptorProvider;
import java.util.List;

/**
 * HTTP/JSON calls without gax's own timeout: it would start a thread that is no daemon, and keeps
 * the JVM from ending until the client is closed. {@link GoogleApiClient} keeps to the deadline
 * instead.
 */
final class NoTimeoutInterceptor implements HttpJsonInterceptorProvider, HttpJsonClientInterceptor {
  @Override
  public List<HttpJsonClientInterceptor> getInterceptors() {
    return List.of(this);
  }

  @Override
  public <Q, A> HttpJsonClientCall<Q, A> interceptCall(
      ApiMethodDescriptor<Q, A> method, HttpJsonCallOptions options, HttpJsonChannel next) {
    return next.newCall(method, options.toBuilder().setTimeoutDuration(null).build());
  }
}
