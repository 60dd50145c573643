package io.github.shortlived.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;

/** Signs bytes as another service account, without a key file. */
public final class SignBlobSample {
  private SignBlobSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: SignBlobSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START sign_blob]
    byte[] manifest = "version: 42".getBytes(UTF_8);
    SignedBlob signed = credentials.signBlob(deployer, manifest);
    byte[] signature = signed.signature(); // RSASSA-PKCS1-v1_5 with SHA-256, key signed.keyId()
    // [END sign_blob]
    System.out.printf("%s%n%d bytes%n", signed, signature.length);
  }
}
