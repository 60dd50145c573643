package io.github.shortlived.samples;

import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.verify.JwtExpectation;
import io.github.shortlived.verify.TokenVerification;
import io.github.shortlived.verify.VerifiedJwt;
import java.time.Duration;

/** Checks a JWT that a service account signed, as its receiver. */
public final class VerifyJwtSample {
  private VerifyJwtSample() {}

  /** Arguments: the JWT, and the email address of its signer. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: VerifyJwtSample JWT SIGNER");
      return;
    }
    try (TokenVerification verification = TokenVerification.create()) {
      run(verification, args[0], ServiceAccount.of(args[1]));
    }
  }

  static void run(TokenVerification verification, String token, ServiceAccount deployer) {
    // [START verify_jwt]
    VerifiedJwt jwt = verification.verifyJwt(token, deployer, "orders");

    JwtExpectation brief =
        JwtExpectation.of(deployer, "orders").maximumLifetime(Duration.ofMinutes(10));
    VerifiedJwt sameJwt = verification.verifyJwt(token, brief);
    // [END verify_jwt]
    System.out.printf("%s%n%s%n", jwt, sameJwt);
  }
}
