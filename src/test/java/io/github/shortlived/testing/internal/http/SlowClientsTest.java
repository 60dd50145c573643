package io.github.shortlived.testing.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.RawSocket;
import io.github.shortlived.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many clients that send the beginning of a request, and no more. */
class SlowClientsTest {
  private static final int CLIENTS = 800;

  private final List<RawSocket> clients = new ArrayList<>();
  private final IamEmulator emulator = IamEmulator.start();

  @AfterEach
  void stop() throws IOException {
    emulator.close();
    for (RawSocket client : clients) {
      client.close();
    }
  }

  @Test
  void slowClients_many_holdAFixedNumberOfThreadsAndBlockNobody() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(RawSocket.to(emulator.httpEndpoint()).send("POST /token HTTP/1.1\r\nHost:"));
    }

    // The emulator queues this request until it has disconnected slow clients.
    assertThat(Wire.anonymous(emulator).get("/oauth2/v3/certs").statusCode()).isEqualTo(200);

    assertThat(threads()).isLessThan(ClientTimeouts.Limits.STANDARD.most() + 20);
  }

  @Test
  void slowClients_beyondTheLimit_areDisconnectedFirst() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(RawSocket.to(emulator.httpEndpoint()).send("POST /token HTTP/1.1\r\nHost:"));
    }

    clients.get(CLIENTS - 1).awaitEnd();

    // The first ones may still complete their requests.
    assertThat(clients.get(0).send(" x\r\nConnection: close\r\n\r\n").readToEnd())
        .startsWith("HTTP/1.1 400 ")
        .contains("invalid_request");
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("iam-emulator-"))
        .count();
  }
}
