package io.github.shortlived.internal.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;

/** Reads the bodies of responses into memory. */
final class Body {
  /** The maximum size of a response, before and after decompression: 16 MiB. */
  static final int MAX_BYTES = 16 << 20;

  private static final int PART_BYTES = 4096;

  private Body() {}

  /**
   * Reads to the end.
   *
   * @param abandoned whether to stop between two reads
   */
  static byte[] read(InputStream in, BooleanSupplier abandoned) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] part = new byte[PART_BYTES];
    int length = in.read(part);
    while (length >= 0) {
      if (bytes.size() + length > MAX_BYTES) {
        throw new TooLargeException();
      }
      bytes.write(part, 0, length);
      if (abandoned.getAsBoolean()) {
        throw new IOException("No thread waits for the response");
      }
      length = in.read(part);
    }
    return bytes.toByteArray();
  }

  /** Decompresses this with gzip. Any fault of the format has the same message. */
  static byte[] inflate(byte[] compressed) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return read(in, () -> false);
    } catch (TooLargeException e) {
      throw e;
    } catch (IOException e) {
      // No cause, because an EOFException would look like a broken connection.
      IOException broken = new IOException("The response is not valid gzip");
      broken.addSuppressed(e);
      throw broken;
    }
  }

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException() {
      super("The response is larger than 16 MiB");
    }
  }
}
