package io.github.shortlived.samples;

import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.verify.TokenVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the signature of a file, as its receiver. */
public final class VerifyBlobSample {
  private VerifyBlobSample() {}

  /** Arguments: the file, the file of its signature, the ID of the key, and the signer's email. */
  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      System.err.println("Usage: VerifyBlobSample FILE SIGNATURE_FILE KEY_ID SIGNER");
      return;
    }
    byte[] manifest = Files.readAllBytes(Path.of(args[0]));
    byte[] signature = Files.readAllBytes(Path.of(args[1]));
    try (TokenVerification verification = TokenVerification.create()) {
      run(verification, manifest, signature, args[2], ServiceAccount.of(args[3]));
    }
  }

  static void run(
      TokenVerification verification,
      byte[] manifest,
      byte[] signature,
      String keyId,
      ServiceAccount deployer) {
    // [START verify_blob]
    verification.verifyBlob(manifest, new SignedBlob(signature, keyId), deployer);
    // [END verify_blob]
    System.out.println("signed by " + deployer);
  }
}
