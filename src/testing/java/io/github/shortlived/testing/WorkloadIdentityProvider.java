package io.github.shortlived.testing;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.client.CredentialFiles;
import io.github.shortlived.testing.internal.federation.TrustedProvider;
import io.github.shortlived.testing.internal.federation.WorkloadPool;
import io.github.shortlived.testing.internal.json.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * An identity provider outside Google, such as a CI system, that a workload identity pool of an
 * emulator trusts. It signs subject tokens, which a workload exchanges for Google's tokens. The
 * emulator publishes its public keys.
 *
 * <p>Safe for concurrent use; no method calls the network.
 *
 * @see <a href="https://cloud.google.com/iam/docs/workload-identity-federation">Workload Identity
 *     Federation</a>
 */
public final class WorkloadIdentityProvider {
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final TrustedProvider provider;
  private final WorkloadPool pool;
  private final InstantSource clock;

  WorkloadIdentityProvider(TrustedProvider provider, InstantSource clock) {
    this.provider = provider;
    this.pool = provider.pool();
    this.clock = clock;
  }

  /**
   * {@return the provider's name, {@code
   * //iam.googleapis.com/projects/NUMBER/…/workloadIdentityPools/POOL/providers/ID}} It is the
   * audience of a token exchange.
   */
  public String audience() {
    return provider.audience();
  }

  /**
   * {@return the policy member of a workload, {@code principal://…/subject/SUBJECT}}
   *
   * @param subject the value of {@code google.subject}, by default the {@code sub} of the token
   */
  public String principal(String subject) {
    return pool.principal(subject);
  }

  /** {@return the policy member of all workloads of the pool, {@code principalSet://…/*}} */
  public String principalSet() {
    return pool.principalSet("*");
  }

  /**
   * {@return the path of the JSON Web Key Set with the provider's public keys, relative to {@link
   * IamEmulator#httpEndpoint()}}
   */
  public String jwksPath() {
    return provider.jwksPath();
  }

  /**
   * Signs a subject token that expires after an hour.
   *
   * @param subject the workload, such as {@code repo:octo/app:ref:refs/heads/main}
   * @return an OpenID Connect ID token of this provider; a secret
   * @throws IllegalArgumentException if the subject is blank
   */
  public String subjectToken(String subject) {
    return subjectToken(subject, Map.of());
  }

  /**
   * Signs a subject token, as {@link #subjectToken(String)} does, with further claims for the
   * attribute mapping and condition of the pool.
   *
   * @param claims strings, numbers, booleans, lists and maps by name; they replace the token's own
   *     claims of the same name
   */
  public String subjectToken(String subject, Map<String, ?> claims) {
    if (subject.isBlank()) {
      throw new IllegalArgumentException(
          "\""
              + subject
              + "\" is not a subject: use one such as repo:octo/app:ref:refs/heads/main");
    }
    long now = clock.instant().getEpochSecond();
    JsonObject token = new JsonObject();
    token.addProperty("iss", pool.issuer());
    token.addProperty("sub", subject);
    token.addProperty("aud", pool.expectedAudiences().get(0));
    token.addProperty("iat", now);
    token.addProperty("exp", now + LIFETIME.toSeconds());
    claims.forEach((name, value) -> token.add(name, Json.tree(value)));
    return sign(token);
  }

  /**
   * {@return a credential configuration of the type {@code external_account}, with which Google's
   * authentication libraries call as a service account} It holds no secret. Its URLs are Google's,
   * so requests go through {@link IamEmulator#httpTransportFactory()}.
   *
   * @param subjectTokenFile the file from which the libraries read the subject token
   * @param accountEmail an account on which the workload has {@code roles/iam.workloadIdentityUser}
   */
  public String externalAccount(Path subjectTokenFile, String accountEmail) {
    return CredentialFiles.externalAccount(
            audience(),
            subjectTokenFile,
            Optional.of(accountEmail),
            URI.create("https://sts.googleapis.com"),
            URI.create("https://iamcredentials.googleapis.com"))
        .toString();
  }

  String sign(JsonObject claims) {
    return provider.sign(claims);
  }

  @Override
  public String toString() {
    return "WorkloadIdentityProvider[" + pool.name() + "]";
  }
}
