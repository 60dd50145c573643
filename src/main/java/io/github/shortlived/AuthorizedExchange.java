package io.github.shortlived;

import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException.Unavailable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request, which is sent at most twice. */
record AuthorizedExchange<T extends BearerToken, R>(
    HttpClient client,
    CachedGoogleCredentials<T> credentials,
    HttpRequest request,
    BodyHandler<R> handler) {

  HttpResponse<R> send() throws IOException, InterruptedException {
    T token = token();
    HttpResponse<R> response = client.send(with(token), discardingUnauthorized());
    if (!isUnauthorized(response.statusCode())) {
      return response;
    }
    credentials.tokens().invalidate(token);
    return client.send(with(token()), handler);
  }

  private T token() throws InterruptedException {
    try {
      return credentials.tokens().get();
    } catch (Unavailable e) {
      if (Thread.interrupted()) {
        InterruptedException interruption = new InterruptedException(e.getMessage());
        interruption.initCause(e);
        throw interruption;
      }
      throw e;
    }
  }

  CompletableFuture<HttpResponse<R>> sendAsync() {
    CompletableFuture<HttpResponse<R>> result = new CompletableFuture<>();
    CompletableFuture<?> unused =
        tokenAsync()
            .thenCompose(token -> sendTwice(token, result))
            .whenComplete((response, failure) -> complete(result, response, failure));
    return result;
  }

  private CompletableFuture<HttpResponse<R>> sendTwice(T first, CompletableFuture<?> result) {
    return sendOnce(first, discardingUnauthorized(), result)
        .thenCompose(
            response -> {
              if (!isUnauthorized(response.statusCode())) {
                return CompletableFuture.completedFuture(response);
              }
              credentials.tokens().invalidate(first);
              return tokenAsync().thenCompose(second -> sendOnce(second, handler, result));
            });
  }

  /** Sends the request unless the result is canceled, which also ends this attempt. */
  private CompletableFuture<HttpResponse<R>> sendOnce(
      T token, BodyHandler<R> attemptHandler, CompletableFuture<?> result) {
    if (result.isDone()) {
      return CompletableFuture.failedFuture(new CancellationException());
    }
    CompletableFuture<HttpResponse<R>> sent = client.sendAsync(with(token), attemptHandler);
    CompletableFuture<?> unused = result.whenComplete((response, failure) -> sent.cancel(true));
    return sent;
  }

  private CompletableFuture<T> tokenAsync() {
    CompletableFuture<Supplier<T>> token = new CompletableFuture<>();
    Executor executor = client.executor().orElseGet(token::defaultExecutor);
    credentials.tokens().getAsync(executor, token::complete);
    return token.thenApply(Supplier::get);
  }

  private static <R> void complete(
      CompletableFuture<R> result, R response, @Nullable Throwable failure) {
    if (failure == null) {
      result.complete(response);
    } else {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
      result.completeExceptionally(cause == null ? failure : cause);
    }
  }

  /** Keeps the headers of the request. */
  private HttpRequest with(T token) {
    HttpRequest.Builder authorized = HttpRequest.newBuilder(request, (name, value) -> true);
    credentials
        .headers(token)
        .forEach(
            (name, values) -> {
              if (request.headers().firstValue(name).isEmpty()) {
                values.forEach(value -> authorized.header(name, value));
              }
            });
    return authorized.build();
  }

  private BodyHandler<R> discardingUnauthorized() {
    return head -> isUnauthorized(head.statusCode()) ? new EndedBody<R>() : handler.apply(head);
  }

  private static boolean isUnauthorized(int status) {
    return status == HttpURLConnection.HTTP_UNAUTHORIZED;
  }

  /** Omits the headers of the request. */
  @Override
  public String toString() {
    return "AuthorizedExchange[%s]".formatted(request.method());
  }
}
