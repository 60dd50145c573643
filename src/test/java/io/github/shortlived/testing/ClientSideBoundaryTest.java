package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tokens with access boundaries that the client adds itself, as google-auth's
 * ClientSideCredentialAccessBoundaryFactory does.
 */
class ClientSideBoundaryTest {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String INTERMEDIARY =
      "urn:ietf:params:oauth:token-type:access_boundary_intermediary_token";

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator =
      Demo.world()
          .clock(clock)
          .projectBinding(PROJECT, "roles/compute.viewer", member(SA1))
          .instance(PROJECT, ZONE, "vm-1")
          .start();
  private final String source = Wire.token(emulator, member(SA1));

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void intermediaryToken_ofAServiceAccount_hasASessionKeyAndALifetime() {
    clock.advance(Duration.ofMinutes(20));
    JsonObject response = Wire.json(exchange(source));
    assertThat(response.remove("access_token").getAsString()).startsWith("ya29.c.");
    assertThat(response.remove("access_boundary_session_key").getAsString()).hasSizeGreaterThan(80);
    assertThat(response)
        .isEqualTo(
            JsonParser.parseString(
                """
                {"issued_token_type": "%s", "token_type": "Bearer", "expires_in": 2400}
                """
                    .formatted(INTERMEDIARY)));
  }

  @Test
  void intermediaryToken_ofAUser_hasNoLifetime() {
    JsonObject response = Wire.json(exchange(Wire.token(emulator, ADMIN)));
    assertThat(response.keySet())
        .containsExactlyInAnyOrder(
            "access_token", "issued_token_type", "token_type", "access_boundary_session_key");
  }

  /** The layout is that of Tink's proto {@code Keyset}, which the client parses. */
  @Test
  void sessionKey_isAKeysetOfTink() throws Exception {
    UnknownFieldSet keyset = keyset(Wire.json(exchange(source)));
    long id = number(keyset, 1);
    UnknownFieldSet key = message(keyset, 2);
    assertThat(number(key, 2)).as("status ENABLED").isEqualTo(1);
    assertThat(number(key, 3)).as("key_id").isEqualTo(id);
    assertThat(number(key, 4)).as("output_prefix_type TINK").isEqualTo(1);
    UnknownFieldSet data = message(key, 1);
    assertThat(bytes(data, 1).toStringUtf8())
        .isEqualTo("type.googleapis.com/google.crypto.tink.AesGcmKey");
    assertThat(number(data, 3)).as("key_material_type SYMMETRIC").isEqualTo(1);
    assertThat(bytes(message(data, 2), 3).size()).isEqualTo(32);
  }

  @Test
  void derivedToken_permitsNothingOutsideCloudStorage() throws Exception {
    JsonObject response = Wire.json(exchange(source));
    assertThat(list(source)).isEqualTo(200);
    assertThat(list(derived(response, boundary()))).isEqualTo(403);
    assertThat(list(response.get("access_token").getAsString())).isEqualTo(403);
    EmulatorCall call = emulator.calls().get(emulator.calls().size() - 1);
    assertThat(call.caller()).isEqualTo(member(SA1));
    assertThat(call.reasons().get(0)).endsWith("within its credential access boundary");
  }

  @Test
  void derivedToken_ofAnotherKey_orWithoutRules_isInvalid() throws Exception {
    JsonObject response = Wire.json(exchange(source));
    JsonObject other = Wire.json(exchange(source));
    String valid = derived(response, boundary());
    String token = response.get("access_token").getAsString();
    String foreign = derived(other, boundary());
    for (String invalid :
        new String[] {
          token + foreign.substring(foreign.lastIndexOf('.')),
          derived(response, ByteString.EMPTY),
          derived(response, ByteString.copyFromUtf8("no message")),
          token + ".",
          token + ".AQ",
          token + ".!",
          valid.substring(0, valid.length() - 4),
          source + valid.substring(valid.lastIndexOf('.'))
        }) {
      assertThat(list(invalid)).as(invalid.substring(token.length())).isEqualTo(401);
    }
  }

  @Test
  void derivedToken_expiresWithItsSource() throws Exception {
    clock.advance(Duration.ofMinutes(30));
    String derived = derived(Wire.json(exchange(source)), boundary());
    clock.advance(Duration.ofMinutes(29));
    assertThat(list(derived)).isEqualTo(403);
    clock.advance(Duration.ofMinutes(1));
    assertThat(list(derived)).isEqualTo(401);
  }

  @Test
  void intermediaryToken_ofABoundedToken_isRefused() throws Exception {
    String derived = derived(Wire.json(exchange(source)), boundary());
    assertThat(OAuthError.of(exchange(derived)))
        .isEqualTo(OAuthError.invalidRequest("The subject token already has an access boundary."));
  }

  /** Encrypts a boundary and appends it to the intermediary token, as Tink does. */
  private static String derived(JsonObject response, ByteString boundary)
      throws GeneralSecurityException, InvalidProtocolBufferException {
    UnknownFieldSet keyset = keyset(response);
    byte[] key = bytes(message(message(message(keyset, 2), 1), 2), 3).toByteArray();
    byte[] iv = "twelve bytes".getBytes(UTF_8);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    byte[] encrypted = cipher.doFinal(boundary.toByteArray());
    byte[] sealed =
        ByteBuffer.allocate(5 + iv.length + encrypted.length)
            .put((byte) 1)
            .putInt((int) number(keyset, 1))
            .put(iv)
            .put(encrypted)
            .array();
    return response.get("access_token").getAsString()
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /** Returns the client's message with one rule: a resource and a permission. */
  private static ByteString boundary() {
    UnknownFieldSet rule =
        UnknownFieldSet.newBuilder()
            .addField(1, text("//storage.googleapis.com/projects/_/buckets/b"))
            .addField(2, text("inRole:roles/storage.objectViewer"))
            .build();
    return UnknownFieldSet.newBuilder()
        .addField(
            1, UnknownFieldSet.Field.newBuilder().addLengthDelimited(rule.toByteString()).build())
        .build()
        .toByteString();
  }

  private static UnknownFieldSet.Field text(String value) {
    return UnknownFieldSet.Field.newBuilder()
        .addLengthDelimited(ByteString.copyFromUtf8(value))
        .build();
  }

  private static UnknownFieldSet keyset(JsonObject response) throws InvalidProtocolBufferException {
    String encoded = response.get("access_boundary_session_key").getAsString();
    return UnknownFieldSet.parseFrom(Base64.getDecoder().decode(encoded));
  }

  private static UnknownFieldSet message(UnknownFieldSet of, int number)
      throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes(of, number));
  }

  private static ByteString bytes(UnknownFieldSet of, int number) {
    return of.getField(number).getLengthDelimitedList().get(0);
  }

  private static long number(UnknownFieldSet of, int number) {
    return of.getField(number).getVarintList().get(0);
  }

  private int list(String bearer) {
    return Wire.anonymous(emulator)
        .with(bearer)
        .get("/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances")
        .statusCode();
  }

  /** Sends the request of google-auth. */
  private HttpResponse<String> exchange(String subjectToken) {
    return Wire.anonymous(emulator)
        .form(
            "/v1/token",
            Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token_type", ACCESS_TOKEN,
                "subject_token", subjectToken,
                "requested_token_type", INTERMEDIARY));
  }
}
