package io.github.shortlived.internal.source;

import io.github.shortlived.internal.text.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads key and credential files, and reports why one cannot be read. */
final class CredentialFile {
  static final CredentialFault MISSING =
      new CredentialFault("does not exist", "Correct the path, or write the file there");
  static final CredentialFault CONTENT_AS_PATH =
      new CredentialFault(
          "is named by its content instead of its path",
          "Pass the content to keyJson or configuration, or write it to a file and pass its path");
  static final CredentialFault FOLDER =
      new CredentialFault("is a folder", "Pass the path of the file in it");
  static final CredentialFault PIPE =
      new CredentialFault(
          "is a pipe or a device, which google-auth does not read",
          "Write its content to a file, or pass the content to keyJson or configuration");
  static final CredentialFault UNREADABLE =
      new CredentialFault(
          "cannot be read by this process",
          "Check that its user may read the file and enter each folder on the path");
  static final CredentialFault UTF_16 =
      new CredentialFault(
          "is UTF-16 text, which PowerShell writes by default", "Save it again as UTF-8");
  static final CredentialFault PKCS_12 =
      new CredentialFault(
          "is a key in the format PKCS#12 (.p12)",
          "Load its private key with java.security.KeyStore, set it in google-auth's"
              + " ServiceAccountCredentials, and pass those to source");
  static final CredentialFault BINARY =
      new CredentialFault("is not UTF-8 text", "Decompress or decode it, or save it as UTF-8");
  static final CredentialFault EMPTY = new CredentialFault("is empty", CredentialFault.COPY);

  private CredentialFile() {}

  /**
   * Reads a file of at most this size.
   *
   * @return its text; empty if it is larger
   */
  static Optional<String> read(Path file, int maxBytes) throws Unusable {
    // The message of an exception is the path, or the key that was given in its place.
    boolean isPath = SafePath.isPath(file.toString());
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(maxBytes);
      return content.read() >= 0 ? Optional.empty() : Optional.of(decode(bytes));
    } catch (NoSuchFileException e) {
      throw new Unusable(isPath ? MISSING : CONTENT_AS_PATH, isPath ? e : null);
    } catch (IOException e) {
      CredentialFault fault = Files.isDirectory(file) ? FOLDER : UNREADABLE;
      throw new Unusable(isPath ? fault : CONTENT_AS_PATH, isPath ? e : null);
    }
  }

  private static String decode(byte[] bytes) throws Unusable {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      // Not UTF-8.
    }
    throw new Unusable(faultOf(bytes), null);
  }

  /** UTF-16 begins with a mark, or with a brace that is preceded or followed by a zero. */
  private static CredentialFault faultOf(byte[] bytes) {
    if (begins(bytes, 0xFF, 0xFE)
        || begins(bytes, 0xFE, 0xFF)
        || begins(bytes, '{', 0)
        || begins(bytes, 0, '{')) {
      return UTF_16;
    }
    return begins(bytes, 0x30, 0x80) || begins(bytes, 0x30, 0x82) ? PKCS_12 : BINARY;
  }

  private static boolean begins(byte[] bytes, int first, int second) {
    return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
  }

  /** The file cannot be used. The message is the problem; the cause is null or quotes the path. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    private final transient CredentialFault fault;

    private Unusable(CredentialFault fault, @Nullable IOException cause) {
      super(fault.problem(), cause);
      this.fault = fault;
    }

    CredentialFault fault() {
      return fault;
    }
  }
}
