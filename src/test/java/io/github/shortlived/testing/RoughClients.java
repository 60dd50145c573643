package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.cloud.iam.credentials.v1.SignBlobRequest;
import com.google.cloud.iam.credentials.v1.SignBlobResponse;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A program whose clients break connections, send too much, or are interrupted. It prints each
 * status on standard output, and has no logging configuration, as most tests of applications.
 */
final class RoughClients {
  private static final MethodDescriptor<SignBlobRequest, SignBlobResponse> SIGN_BLOB =
      MethodDescriptor.<SignBlobRequest, SignBlobResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("google.iam.credentials.v1.IAMCredentials/SignBlob")
          .setRequestMarshaller(ProtoUtils.marshaller(SignBlobRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(SignBlobResponse.getDefaultInstance()))
          .build();
  private static final int BLOB = 10;
  private static final int TOO_LARGE = 5 << 20;

  private final IamEmulator emulator =
      IamEmulator.demo().binding(SA2, TOKEN_CREATOR, member(SA1)).start();

  public static void main(String[] arguments) throws Exception {
    RoughClients clients = new RoughClients();
    clients.dropped();
    clients.tooLarge();
    clients.tooLargeAfterDecompression();
    clients.corruptCompression();
    clients.outOfTime();
    clients.disconnected();
    clients.notHttp2();
    clients.overHttp();
    clients.closedWithCallsInFlight();
  }

  /** Closes a connection with several calls in flight. */
  private void dropped() throws Exception {
    emulator.faults().on("signBlob").every(3).dropConnection();
    emulator.faults().on("signBlob").delay(Duration.ofMillis(20));
    withChannel(
        channel -> {
          for (int round = 0; round < 5; round++) {
            print("dropped", calls(channel, CallOptions.DEFAULT, 10, BLOB));
          }
        });
    emulator.faults().clear();
  }

  private void tooLarge() throws Exception {
    withChannel(channel -> print("too large", calls(channel, CallOptions.DEFAULT, 2, TOO_LARGE)));
  }

  private void tooLargeAfterDecompression() throws Exception {
    CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
    withChannel(channel -> print("too large, compressed", calls(channel, gzip, 2, TOO_LARGE)));
  }

  private void corruptCompression() throws Exception {
    CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
    for (String header : List.of("", "\u001f\u008b\b\0\0\0\0\0\0\0")) {
      CompressorRegistry corrupt = CompressorRegistry.newEmptyInstance();
      corrupt.register(new Uncompressed(header));
      withChannel(corrupt, channel -> print("corrupt", calls(channel, gzip, 2, BLOB)));
    }
  }

  /** Says that it compresses messages, and does not. */
  private record Uncompressed(String header) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return "gzip";
    }

    @Override
    public OutputStream compress(OutputStream message) throws IOException {
      message.write(header.getBytes(ISO_8859_1));
      return message;
    }
  }

  private void outOfTime() throws Exception {
    emulator.faults().on("signBlob").delay(Duration.ofMillis(200));
    CallOptions hasty = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.MILLISECONDS);
    withChannel(channel -> print("out of time", calls(channel, hasty, 5, BLOB)));
    emulator.faults().clear();
  }

  private void disconnected() throws Exception {
    emulator.faults().on("signBlob").delay(Duration.ofMillis(200));
    withChannel(
        channel -> {
          List<ListenableFuture<SignBlobResponse>> calls =
              start(channel, CallOptions.DEFAULT, 5, BLOB);
          channel.shutdownNow();
          print("disconnected", statuses(calls));
        });
    emulator.faults().clear();
  }

  private void notHttp2() throws IOException {
    for (String text :
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0004garbage garbage garbage",
            "PRI * HTTP/2.0\r\n")) {
      sendAndClose(emulator.grpcEndpoint(), text);
    }
  }

  private void overHttp() throws IOException {
    emulator.faults().onEverything().dropConnection();
    for (String text :
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /oauth2/v3/certs HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /token HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n{",
            "\u0016\u0003\u0001\u0002\u0000\r\n\r\n")) {
      sendAndClose(emulator.httpEndpoint(), text);
    }
    emulator.faults().clear();
  }

  private void closedWithCallsInFlight() throws Exception {
    emulator.faults().onEverything().delay(Duration.ofSeconds(30));
    try (RawSocket slow = RawSocket.to(emulator.httpEndpoint());
        RawSocket stalled = RawSocket.to(emulator.httpEndpoint())) {
      slow.send("GET /oauth2/v3/certs HTTP/1.1\r\nHost: x\r\n\r\n");
      stalled.send("POST /token HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
      withChannel(
          channel -> {
            List<ListenableFuture<SignBlobResponse>> calls =
                start(channel, CallOptions.DEFAULT, 5, BLOB);
            emulator.close();
            print("closed", statuses(calls));
          });
      slow.awaitEnd();
      stalled.awaitEnd();
    }
  }

  private static void sendAndClose(URI endpoint, String text) throws IOException {
    try (RawSocket socket = RawSocket.to(endpoint)) {
      socket.send(text).endOutput().awaitEnd();
    }
    RawSocket.to(endpoint).send(text).reset();
  }

  private interface Work {
    void with(ManagedChannel channel) throws Exception;
  }

  private void withChannel(Work work) throws Exception {
    withChannel(CompressorRegistry.getDefaultInstance(), work);
  }

  private void withChannel(CompressorRegistry compressors, Work work) throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                emulator.grpcEndpoint().getAuthority(), InsecureChannelCredentials.create())
            .compressorRegistry(compressors)
            .build();
    try {
      work.with(channel);
    } finally {
      channel.shutdownNow().awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private List<String> calls(Channel channel, CallOptions options, int number, int size)
      throws InterruptedException {
    return statuses(start(channel, options, number, size));
  }

  private List<ListenableFuture<SignBlobResponse>> start(
      Channel channel, CallOptions options, int number, int size) {
    SignBlobRequest request =
        SignBlobRequest.newBuilder()
            .setName(name(SA2))
            .setPayload(ByteString.copyFrom(new byte[size]))
            .build();
    Channel authorized =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(authorization()));
    List<ListenableFuture<SignBlobResponse>> calls = new ArrayList<>();
    for (int call = 0; call < number; call++) {
      calls.add(ClientCalls.futureUnaryCall(authorized.newCall(SIGN_BLOB, options), request));
    }
    return calls;
  }

  private static List<String> statuses(List<ListenableFuture<SignBlobResponse>> calls)
      throws InterruptedException {
    List<String> statuses = new ArrayList<>();
    for (ListenableFuture<SignBlobResponse> call : calls) {
      statuses.add(status(call));
    }
    return statuses;
  }

  private static String status(ListenableFuture<SignBlobResponse> call)
      throws InterruptedException {
    try {
      call.get();
      return "OK";
    } catch (ExecutionException failed) {
      return Status.fromThrowable(failed).getCode().name();
    }
  }

  private Metadata authorization() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + Wire.token(emulator, member(SA1)));
    return headers;
  }

  private static void print(String scenario, List<String> statuses) {
    System.out.println(scenario + ": " + statuses);
  }
}
