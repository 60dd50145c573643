package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedJwt;
import java.time.Duration;

/** Signs a JSON Web Token as another service account, without a key file. */
public final class SignJwtSample {
  private SignJwtSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: SignJwtSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START sign_jwt]
    SignedJwt jwt =
        credentials.signJwt(
            deployer,
            JwtClaims.expiringIn(Duration.ofMinutes(10))
                .issuer(deployer.id())
                .subject(deployer.id())
                .audience("orders"));
    // [END sign_jwt]
    System.out.println(jwt);
  }
}
