package com.example.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.rpc.Code;
import io.github.shortlived.testing.IamEmulator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SignatureResourceTest {
  @TestHTTPResource("/signature")
  URI uri;

  @Inject IamEmulator emulator;

  @BeforeEach
  void reset() {
    emulator.reset();
  }

  private HttpResponse<String> sign() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("version: 42")).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Test
  void sign_granted_returnsASignature() throws Exception {
    assertEquals(256, Base64.getDecoder().decode(sign().body()).length);
  }

  @Test
  void sign_refused_isABadGatewayWithoutTheReason() throws Exception {
    emulator.faults().on("signBlob").fail(Code.PERMISSION_DENIED);
    assertEquals(502, sign().statusCode());
    assertEquals("", sign().body());
  }
}
