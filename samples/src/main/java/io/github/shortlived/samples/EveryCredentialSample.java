package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import java.time.Duration;
import java.util.List;

/** Issues each kind of credential for another service account. */
public final class EveryCredentialSample {
  private static final String READ_USERS =
      "https://www.googleapis.com/auth/admin.directory.user.readonly";

  private EveryCredentialSample() {}

  /** Arguments: the email addresses of a delegate, of the target and of a Workspace user. */
  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("Usage: EveryCredentialSample DELEGATE TARGET USER");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), ServiceAccount.of(args[1]), args[2]);
    }
  }

  static void run(
      ShortLivedCredentials credentials,
      ServiceAccount delegate,
      ServiceAccount deployer,
      String user) {
    byte[] file = {1, 2, 3};
    // [START every_credential]
    AccessToken access = credentials.accessToken(deployer, CLOUD_PLATFORM);
    IdToken id = credentials.idToken(deployer, "https://orders.example.com");
    SignedBlob blob = credentials.signBlob(deployer, file);
    SignedJwt jwt =
        credentials.signJwt(
            deployer, JwtClaims.expiringIn(Duration.ofMinutes(10)).audience("orders"));

    AccessToken ofUser = credentials.accessTokenForUser(deployer, user, READ_USERS);
    AccessToken selfSigned = credentials.selfSignedJwt(deployer, "https://pubsub.googleapis.com/");
    AccessToken downscoped =
        credentials.downscopedToken(
            deployer, AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer"));

    DelegationChain chain = DelegationChain.through(delegate).to(deployer);
    AccessToken delegated = credentials.accessToken(chain, CLOUD_PLATFORM);

    GoogleCredentials google = credentials.googleCredentials(chain, CLOUD_PLATFORM);
    // [END every_credential]
    List.of(access, id, blob, jwt, ofUser, selfSigned, downscoped, delegated, google)
        .forEach(System.out::println);
  }
}
