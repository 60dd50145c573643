package io.github.shortlived.testing;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.federation.TrustedProvider;
import io.github.shortlived.testing.internal.federation.WorkloadPool;
import io.github.shortlived.testing.internal.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/**
 * An identity provider outside Google, such as a CI system, that a workload identity pool of an
 * emulator trusts. It signs the tokens that a workload exchanges for Google's, with keys of its own
 * that the emulator publishes.
 *
 * <p>Safe for concurrent use; nothing blocks on a network.
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
   * The provider's name, which a token exchange calls its audience.
   *
   * @return {@code //iam.googleapis.com/projects/NUMBER/…/workloadIdentityPools/POOL/providers/ID}
   */
  public String audience() {
    return provider.audience();
  }

  /**
   * A workload as a policy names it.
   *
   * @param subject what is mapped to {@code google.subject}: the {@code sub} of its tokens unless
   *     declared otherwise
   * @return {@code principal://…/subject/SUBJECT}
   */
  public String principal(String subject) {
    return pool.principal(subject);
  }

  /**
   * All workloads of the pool, as a policy names them.
   *
   * @return {@code principalSet://…/*}
   */
  public String principalSet() {
    return pool.principalSet("*");
  }

  /**
   * Where on the emulator the provider's public keys are.
   *
   * @return the path of a JSON Web Key Set, to be resolved against {@link
   *     IamEmulator#httpEndpoint()}
   */
  public String jwksPath() {
    return provider.jwksPath();
  }

  /**
   * Signs a token for a workload, good for an hour.
   *
   * @param subject the workload, such as {@code repo:octo/app:ref:refs/heads/main}
   * @return an OpenID Connect ID token of this provider, to be exchanged; a secret
   * @throws IllegalArgumentException if the subject is empty
   */
  public String subjectToken(String subject) {
    return subjectToken(subject, Map.of());
  }

  /**
   * Signs a token for a workload that claims more than who it is, for the pool's attribute mapping
   * and condition; good for an hour.
   *
   * @param subject the workload
   * @param more further claims by name: strings, numbers, booleans, lists and maps of them; they
   *     replace the token's own of the same name
   * @return an OpenID Connect ID token of this provider, to be exchanged; a secret
   * @throws IllegalArgumentException if the subject is empty
   */
  public String subjectToken(String subject, Map<String, ?> more) {
    if (subject.isBlank()) {
      throw new IllegalArgumentException(
          "\"" + subject + "\" is no subject: give one such as repo:octo/app:ref:refs/heads/main");
    }
    long now = clock.instant().getEpochSecond();
    JsonObject claims = new JsonObject();
    claims.addProperty("iss", pool.issuer());
    claims.addProperty("sub", subject);
    claims.addProperty("aud", pool.expectedAudiences().get(0));
    claims.addProperty("iat", now);
    claims.addProperty("exp", now + LIFETIME.toSeconds());
    more.forEach((name, value) -> claims.add(name, Json.tree(value)));
    return sign(claims);
  }

  /**
   * The configuration file with which Google's authentication libraries act as a service account,
   * given a subject token.
   *
   * @param subjectTokenFile the file from which the libraries read the subject token
   * @param accountEmail the account, on which the workload needs {@code
   *     roles/iam.workloadIdentityUser}
   * @return JSON of the type {@code external_account}, without any secret; its URLs are Google's,
   *     to be sent through {@link IamEmulator#httpTransportFactory()}
   */
  public String externalAccount(Path subjectTokenFile, String accountEmail) {
    JsonObject source = new JsonObject();
    source.addProperty("file", subjectTokenFile.toString());
    JsonObject file = new JsonObject();
    file.addProperty("type", "external_account");
    file.addProperty("audience", audience());
    file.addProperty("subject_token_type", TrustedProvider.JWT);
    file.addProperty("token_url", "https://sts.googleapis.com/v1/token");
    file.add("credential_source", source);
    file.addProperty(
        "service_account_impersonation_url",
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
            + Objects.requireNonNull(accountEmail, "accountEmail")
            + ":generateAccessToken");
    file.addProperty("universe_domain", "googleapis.com");
    return file.toString();
  }

  String sign(JsonObject claims) {
    return provider.sign(claims);
  }

  @Override
  public String toString() {
    return "WorkloadIdentityProvider[" + pool.name() + "]";
  }
}
