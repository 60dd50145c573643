package io.github.shortlived.testing.internal.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.github.shortlived.testing.internal.key.SecretRecorder;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The key with which a client encrypts an access boundary, to derive a bounded token from an
 * intermediary token without a call. Clients read and use it with the library Tink.
 *
 * @see <a href="https://developers.google.com/tink/wire-format">Tink's wire format</a>
 */
public record SessionKey(int id, SecretKey key) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String TYPE = "type.googleapis.com/google.crypto.tink.AesGcmKey";

  /** The values SYMMETRIC, ENABLED and TINK of the enums in a keyset. */
  private static final int FIRST_OF_ENUM = 1;

  private static final byte TINK_PREFIX = 1;
  private static final int PREFIX_LENGTH = 5;
  private static final int IV_LENGTH = 12;
  private static final int TAG_BITS = 128;

  /** The rules of a boundary, in the message that clients encrypt. */
  private static final int RULES = 1;

  static SessionKey generate() {
    try {
      KeyGenerator aes = KeyGenerator.getInstance("AES");
      aes.init(256);
      return new SessionKey(RANDOM.nextInt(1, Integer.MAX_VALUE), aes.generateKey());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no AES", e);
    }
  }

  /** Returns the key as a keyset of Tink: its message {@code Keyset} in Base64. */
  public String keyset() {
    ByteString aesGcmKey = bytes(field(3, ByteString.copyFrom(key.getEncoded())));
    ByteString keyData =
        bytes(
            field(1, ByteString.copyFrom(TYPE, UTF_8)),
            field(2, aesGcmKey),
            field(3, FIRST_OF_ENUM));
    ByteString keysetKey =
        bytes(field(1, keyData), field(2, FIRST_OF_ENUM), field(3, id), field(4, FIRST_OF_ENUM));
    ByteString keyset = bytes(field(1, id), field(2, keysetKey));
    return SecretRecorder.record(Base64.getEncoder().encodeToString(keyset.toByteArray()));
  }

  /** Returns whether a text is a boundary that a client encrypted with this key. */
  boolean hasEncrypted(String text) {
    try {
      byte[] encrypted = Base64.getUrlDecoder().decode(text);
      return hasPrefix(encrypted)
          && UnknownFieldSet.parseFrom(decrypted(encrypted)).hasField(RULES);
    } catch (IllegalArgumentException
        | GeneralSecurityException
        | InvalidProtocolBufferException invalid) {
      return false;
    }
  }

  private boolean hasPrefix(byte[] encrypted) {
    ByteBuffer prefix = ByteBuffer.wrap(encrypted);
    return encrypted.length > PREFIX_LENGTH + IV_LENGTH
        && prefix.get() == TINK_PREFIX
        && prefix.getInt() == id;
  }

  private byte[] decrypted(byte[] encrypted) throws GeneralSecurityException {
    int begin = PREFIX_LENGTH + IV_LENGTH;
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        key,
        new GCMParameterSpec(TAG_BITS, encrypted, PREFIX_LENGTH, IV_LENGTH));
    return cipher.doFinal(encrypted, begin, encrypted.length - begin);
  }

  private static UnknownFieldSet field(int number, int value) {
    return field(number, Field.newBuilder().addVarint(value));
  }

  private static UnknownFieldSet field(int number, ByteString value) {
    return field(number, Field.newBuilder().addLengthDelimited(value));
  }

  private static UnknownFieldSet field(int number, Field.Builder value) {
    return UnknownFieldSet.newBuilder().addField(number, value.build()).build();
  }

  private static ByteString bytes(UnknownFieldSet... fields) {
    UnknownFieldSet.Builder message = UnknownFieldSet.newBuilder();
    for (UnknownFieldSet field : fields) {
      message.mergeFrom(field);
    }
    return message.build().toByteString();
  }

  @Override
  public String toString() {
    return "SessionKey[" + id + "]";
  }
}
