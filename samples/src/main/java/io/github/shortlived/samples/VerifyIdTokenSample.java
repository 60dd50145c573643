package io.github.shortlived.samples;

import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.verify.IdTokenExpectation;
import io.github.shortlived.verify.TokenVerification;
import io.github.shortlived.verify.VerifiedIdToken;

/** Checks the ID token of a request, as its receiver. */
public final class VerifyIdTokenSample {
  private VerifyIdTokenSample() {}

  /** Arguments: the Authorization header, and the email address of the caller that is allowed. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: VerifyIdTokenSample AUTHORIZATION CALLER");
      return;
    }
    try (TokenVerification verification = TokenVerification.create()) {
      System.out.println(status(verification, args[0], ServiceAccount.of(args[1])));
    }
  }

  static int status(TokenVerification verification, String authorization, ServiceAccount caller) {
    try {
      String token = authorization.replaceFirst("^Bearer ", "");
      run(verification, token, caller);
      return 200;
    } catch (VerificationFailed e) {
      System.out.println(e.check() + ": " + e.getMessage()); // never has the token
      return 401;
    }
  }

  private static void run(TokenVerification verification, String token, ServiceAccount caller) {
    // [START verify_id_token]
    IdTokenExpectation expected =
        IdTokenExpectation.of("https://orders.example.com").account(caller);
    VerifiedIdToken verified = verification.verifyIdToken(token, expected);
    System.out.println(verified.subject()); // a VerifiedIdToken exists only if all checks passed
    // [END verify_id_token]
  }

  static VerifiedIdToken verified(
      TokenVerification verification, String token, ServiceAccount caller) {
    // [START verify_id_token_of_an_account]
    IdTokenExpectation expected =
        IdTokenExpectation.of("https://orders.example.com", "https://orders.internal")
            .account(caller)
            .authorizedParty("103456789012345678901");
    VerifiedIdToken verified = verification.verifyIdToken(token, expected);
    // [END verify_id_token_of_an_account]
    return verified;
  }
}
