package io.github.shortlived.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.shortlived.testing.IamEmulator;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/**
 * Sends the same bytes over one persistent connection. A complete HTTP client would use so much CPU
 * time that the results would include it. For one thread.
 */
final class RestClient implements AutoCloseable {
  private static final String BODY = "{\"scope\":[\"" + DemoCalls.SCOPE + "\"]}";
  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final byte[] request;
  private final byte[] received = new byte[8192];

  RestClient(IamEmulator emulator) throws IOException {
    URI uri = emulator.httpEndpoint();
    socket = new Socket(uri.getHost(), uri.getPort());
    socket.setTcpNoDelay(true);
    request = request(uri, DemoCalls.bearer(emulator)).getBytes(ISO_8859_1);
  }

  /** Returns the length of the response; fails if the status is not 200. */
  int generateAccessToken() throws IOException {
    socket.getOutputStream().write(request);
    return readResponse(socket.getInputStream());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static String request(URI uri, String bearer) {
    return String.join(
        "\r\n",
        "POST /v1/" + DemoCalls.NAME + ":generateAccessToken HTTP/1.1",
        "Host: " + uri.getAuthority(),
        "Authorization: " + bearer,
        "Content-Type: application/json",
        "Content-Length: " + BODY.length(),
        "",
        BODY);
  }

  private int readResponse(InputStream in) throws IOException {
    int have = 0;
    int head;
    do {
      have += read(in, have);
      head = endOfHead(have);
    } while (head < 0);
    int length = contentLength(new String(received, 0, head, ISO_8859_1));
    new DataInputStream(in).readFully(received, have, head + length - have);
    return length;
  }

  private int read(InputStream in, int from) throws IOException {
    int count = in.read(received, from, received.length - from);
    if (count <= 0) {
      throw new EOFException("The emulator hung up.");
    }
    return count;
  }

  private int endOfHead(int have) {
    for (int at = 3; at < have; at++) {
      if (received[at] == '\n' && received[at - 1] == '\r' && received[at - 2] == '\n') {
        return at + 1;
      }
    }
    return -1;
  }

  private static int contentLength(String head) throws IOException {
    if (!head.startsWith("HTTP/1.1 200 ")) {
      throw new IOException("Refused: " + head.lines().findFirst().orElse(""));
    }
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH) + LENGTH.length();
    return Integer.parseInt(head.substring(at, head.indexOf('\r', at)).strip());
  }
}
