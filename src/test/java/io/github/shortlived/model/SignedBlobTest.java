package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignedBlobTest {
  @Test
  void new_bytesChangedLater_keepsItsBytes() {
    byte[] signature = {1, 2, 3};
    SignedBlob blob = new SignedBlob(signature, "key");
    signature[0] = 9;

    assertThat(blob.signature()).containsExactly(1, 2, 3);
  }

  @Test
  void signature_changed_leavesTheValueUnchanged() {
    SignedBlob blob = new SignedBlob(new byte[] {1, 2, 3}, "key");
    blob.signature()[0] = 9;

    assertThat(blob.signature()).containsExactly(1, 2, 3);
  }

  @Test
  void equals_sameSignatureAndKey_same() {
    assertThat(new SignedBlob(new byte[] {1}, "key"))
        .isEqualTo(new SignedBlob(new byte[] {1}, "key"))
        .hasSameHashCodeAs(new SignedBlob(new byte[] {1}, "key"));
  }

  @Test
  void equals_otherSignature_differs() {
    assertThat(new SignedBlob(new byte[] {1}, "key"))
        .isNotEqualTo(new SignedBlob(new byte[] {2}, "key"));
  }

  @Test
  void equals_otherKey_differs() {
    assertThat(new SignedBlob(new byte[] {1}, "key"))
        .isNotEqualTo(new SignedBlob(new byte[] {1}, "other"));
  }
}
