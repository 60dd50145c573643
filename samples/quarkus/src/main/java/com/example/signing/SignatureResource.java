package com.example.signing;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.ServiceAccount;
import io.quarkus.logging.Log;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Base64;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Signs a release manifest as the service account, without a key file. */
@Path("/signature")
public class SignatureResource {
  private final ShortLivedCredentials credentials;
  private final ServiceAccount account;

  SignatureResource(
      ShortLivedCredentials credentials, @ConfigProperty(name = "signing.account") String account) {
    this.credentials = credentials;
    this.account = ServiceAccount.of(account);
  }

  /** Returns the signature in Base64; blocks while the service signs. */
  @POST
  public String sign(byte[] manifest) {
    return Base64.getEncoder().encodeToString(credentials.signBlob(account, manifest).signature());
  }

  /** The message names the missing grant, which only the operator of this application needs. */
  @ServerExceptionMapper
  Response refused(PermissionDenied refusal) {
    Log.error(refusal.getMessage());
    return Response.status(Status.BAD_GATEWAY).build();
  }
}
