package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.util.function.Consumer;

/** Issues each type of credential in the quickstart, and verifies them as their receiver does. */
final class QuickstartCredentials {
  private static final String AUDIENCE = "https://orders.example.com";
  private static final byte[] MANIFEST = "version: 42".getBytes(UTF_8);

  private final QuickstartCloud cloud;
  private final PropagationWait wait;
  private final Consumer<String> out;

  /** The credentials that a receiver can verify. */
  record Issued(IdToken idToken, SignedJwt jwt, SignedBlob blob) {}

  QuickstartCredentials(QuickstartCloud cloud, PropagationWait wait, Consumer<String> out) {
    this.cloud = cloud;
    this.wait = wait;
    this.out = out;
  }

  Issued issueAll(CrossAccountGrant grant, Target target) {
    issue("access token", grant, AccessTokenRequest.of(target, CLOUD_PLATFORM));
    JwtClaims claims =
        JwtClaims.expiringIn(Duration.ofMinutes(10)).issuer(cloud.target().id()).audience(AUDIENCE);
    return new Issued(
        issue("ID token", grant, IdTokenRequest.of(target, AUDIENCE).withEmail()),
        issue("signed JWT", grant, SignJwtRequest.of(target, claims)),
        issue("signed blob", grant, SignBlobRequest.of(target, MANIFEST)));
  }

  void verify(Issued issued) {
    show("ID token", cloud.verification().verifyIdToken(issued.idToken().token(), AUDIENCE));
    show(
        "signed JWT",
        cloud.verification().verifyJwt(issued.jwt().token(), cloud.target(), AUDIENCE));
    cloud.verification().verifyBlob(MANIFEST, issued.blob(), cloud.target());
    show("signed blob", "signed by " + cloud.target());
  }

  private <C extends ShortLivedCredential> C issue(
      String kind, CrossAccountGrant grant, CredentialRequest<C> request) {
    C credential = issueWhenEffective(grant, request);
    show(kind, credential);
    return credential;
  }

  /** Issues the credential; the permissions of one role may take effect one after the other. */
  private <C extends ShortLivedCredential> C issueWhenEffective(
      CrossAccountGrant grant, CredentialRequest<C> request) {
    try {
      return cloud.credentials().issue(request);
    } catch (PermissionDenied e) {
      cloud
          .grants()
          .awaitEffective(grant, cloud.credentials(), wait.probingWith(target -> request));
      return cloud.credentials().issue(request);
    }
  }

  private void show(String kind, Object result) {
    out.accept("%-12s  %s".formatted(kind, result));
  }
}
