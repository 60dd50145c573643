package io.github.shortlived.internal.source;

import io.github.shortlived.internal.source.CredentialFault.Rule;
import io.github.shortlived.internal.text.SafePath;
import io.github.shortlived.internal.text.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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
  static final CredentialFault BAD_PATH =
      new CredentialFault(
          "cannot be opened by that path",
          "Check the path for a loop of symbolic links, for a name that is too long, and for a file"
              + " in the place of a folder");
  static final CredentialFault NUL =
      new CredentialFault("contains a NUL character", CredentialFault.COPY);

  static final CredentialFault TOO_LARGE =
      new CredentialFault(
          "is larger than 64 KiB", "Check the path, or request a smaller one from its author");

  private static final int MAX_BYTES = StrictJson.MAX_UNTRUSTED_BYTES;

  // The bytes in front of the content of an ASN.1 sequence.
  private static final String SEQUENCE = "(?s)\\A0(?:[\\x00-\\x80]|\\x81.|\\x82..)";

  /** Formats that the first bytes show, each as one character. */
  static final List<Rule<String>> FORMATS =
      List.of(
          Rule.find(
              "\\A(?:\\xFF\\xFE\\x00\\x00|\\x00\\x00\\xFE\\xFF|\\{\\x00{3}|\\x00{3}\\{)",
              "is UTF-32 text", "Save it again as UTF-8"),
          Rule.find(
              "\\A(?:\\xFF\\xFE|\\xFE\\xFF|\\{\\x00|\\x00\\{)",
              "is UTF-16 text, which PowerShell writes by default",
              "Save it again as UTF-8"),
          Rule.find(
              SEQUENCE + "\\x02\\x01\\x03",
              "is a key in the format PKCS#12 (.p12)",
              "Load its private key with java.security.KeyStore, set it in google-auth's"
                  + " ServiceAccountCredentials, and pass those to source"),
          Rule.find(
              SEQUENCE + "\\x02\\x01\\x00",
              "is a private key in DER without the JSON around it",
              "Use the whole JSON file that contains it"));

  static final CredentialFault BINARY =
      new CredentialFault("is not UTF-8 text", "Decompress or decode it, or save it as UTF-8");
  static final CredentialFault EMPTY = new CredentialFault("is empty", CredentialFault.COPY);

  private CredentialFile() {}

  /** Reads a file of at most 64 KiB, which may be a device without an end. */
  static String read(Path file) throws Unusable {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new Unusable(TOO_LARGE, null);
      }
      return decode(bytes);
    } catch (IOException e) {
      // The message of the exception is the path, or the key that was given in its place.
      boolean isPath = SafePath.isPath(file.toString());
      throw new Unusable(isPath ? faultOf(e, file) : CONTENT_AS_PATH, isPath ? e : null);
    }
  }

  private static CredentialFault faultOf(IOException failure, Path file) {
    if (failure instanceof NoSuchFileException) {
      return MISSING;
    } else if (Files.isDirectory(file)) {
      return FOLDER;
    }
    boolean badPath =
        failure instanceof FileSystemException && !(failure instanceof AccessDeniedException);
    return badPath ? BAD_PATH : UNREADABLE;
  }

  private static String decode(byte[] bytes) throws Unusable {
    CredentialFault otherwise = NUL;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      otherwise = BINARY;
    }
    String characters = new String(bytes, StandardCharsets.ISO_8859_1);
    throw new Unusable(CredentialFault.first(FORMATS, characters).orElse(otherwise), null);
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
