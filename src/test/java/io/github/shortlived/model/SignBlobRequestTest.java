package io.github.shortlived.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignBlobRequestTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");

  @Test
  void of_bytesChangedLater_keepsItsBytes() {
    byte[] payload = {1, 2, 3};
    SignBlobRequest request = SignBlobRequest.of(TARGET, payload);
    payload[0] = 9;

    assertThat(request.payload()).containsExactly(1, 2, 3);
  }

  @Test
  void payload_changed_leavesTheRequestUnchanged() {
    SignBlobRequest request = SignBlobRequest.of(TARGET, new byte[] {1, 2, 3});
    request.payload()[0] = 9;

    assertThat(request.payload()).containsExactly(1, 2, 3);
  }

  @Test
  void of_noBytes_accepted() {
    assertThat(SignBlobRequest.of(TARGET, new byte[0]).payload()).isEmpty();
  }

  @Test
  void equals_sameBytes_same() {
    assertThat(SignBlobRequest.of(TARGET, new byte[] {1}))
        .isEqualTo(SignBlobRequest.of(TARGET, new byte[] {1}))
        .hasSameHashCodeAs(SignBlobRequest.of(TARGET, new byte[] {1}));
  }

  @Test
  void equals_otherBytes_differs() {
    assertThat(SignBlobRequest.of(TARGET, new byte[] {1}))
        .isNotEqualTo(SignBlobRequest.of(TARGET, new byte[] {2}));
  }

  @Test
  void equals_otherTarget_differs() {
    assertThat(SignBlobRequest.of(TARGET, new byte[] {1}))
        .isNotEqualTo(SignBlobRequest.of(Target.self(), new byte[] {1}));
  }

  @Test
  void toString_payload_showsLengthAndFingerprint() {
    assertThat(SignBlobRequest.of(TARGET, "abc".getBytes(UTF_8)))
        .hasToString(
            "SignBlobRequest[target=target@p.iam.gserviceaccount.com, payload=3 bytes,"
                + " sha256:ba7816bf8f01]");
  }
}
