package io.github.shortlived.testing.compatibility;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.email;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.googleapis.batch.BatchRequest;
import com.google.api.client.googleapis.batch.json.JsonBatchCallback;
import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.iam.v1.Iam;
import com.google.api.services.iam.v1.Iam.Projects.ServiceAccounts;
import com.google.api.services.iam.v1.model.Binding;
import com.google.api.services.iam.v1.model.CreateServiceAccountKeyRequest;
import com.google.api.services.iam.v1.model.CreateServiceAccountRequest;
import com.google.api.services.iam.v1.model.DisableServiceAccountRequest;
import com.google.api.services.iam.v1.model.EnableServiceAccountRequest;
import com.google.api.services.iam.v1.model.PatchServiceAccountRequest;
import com.google.api.services.iam.v1.model.Policy;
import com.google.api.services.iam.v1.model.ServiceAccount;
import com.google.api.services.iam.v1.model.SetIamPolicyRequest;
import com.google.api.services.iam.v1.model.UndeleteServiceAccountRequest;
import com.google.api.services.iamcredentials.v1.IAMCredentials;
import com.google.api.services.iamcredentials.v1.model.GenerateAccessTokenRequest;
import com.google.api.services.iamcredentials.v1.model.GenerateIdTokenRequest;
import com.google.api.services.iamcredentials.v1.model.SignBlobRequest;
import com.google.api.services.iamcredentials.v1.model.SignJwtRequest;
import com.google.auth.http.HttpCredentialsAdapter;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's generated REST clients for Java, at Google's own URLs. */
class ApiaryClientsTest {
  private static final String CREATED = "projects/-/serviceAccounts/" + email("created");

  private final IamEmulator emulator;
  private final HttpTransport transport;

  ApiaryClientsTest(@TempDir Path folder) {
    this.emulator = ClientWorld.start(folder).emulator();
    this.transport = emulator.httpTransportFactory().create();
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  private HttpCredentialsAdapter as(String member) {
    return new HttpCredentialsAdapter(emulator.googleCredentials(member));
  }

  @Test
  void iam_accountsKeysAndPolicies_areThoseOfThePage() {
    Iam iam =
        new Iam.Builder(transport, GsonFactory.getDefaultInstance(), as(ADMIN))
            .setApplicationName("test")
            .build();
    ServiceAccounts accounts = iam.projects().serviceAccounts();
    ClientReport.of(RealClient.IAM_APIARY, Iam.class)
        .operation(
            "list of service accounts",
            () -> assertThat(emails(accounts.list("projects/" + PROJECT))).contains(SA1, SA2, SA3))
        .operation("partial response", () -> assertPartial(accounts))
        .operation("batch of two calls", () -> assertThat(batch(iam)).containsExactly(SA1, SA2))
        .operation(
            "new account",
            () ->
                accounts
                    .create(
                        "projects/" + PROJECT,
                        new CreateServiceAccountRequest().setAccountId("created"))
                    .execute())
        .operation("new display name", () -> assertThat(renamed(accounts)).isEqualTo("Renamed"))
        .operation(
            "new key",
            () ->
                assertThat(
                        new String(
                            accounts
                                .keys()
                                .create(CREATED, new CreateServiceAccountKeyRequest())
                                .execute()
                                .decodePrivateKeyData(),
                            UTF_8))
                    .contains("PRIVATE KEY"))
        .operation(
            "list of keys",
            () ->
                assertThat(
                        accounts
                            .keys()
                            .list(CREATED)
                            .setKeyTypes(List.of("USER_MANAGED"))
                            .execute()
                            .getKeys())
                    .hasSize(1))
        .operation("policy: read and write", () -> grant(accounts))
        .operation(
            "disable and enable an account",
            () -> {
              accounts.disable(CREATED, new DisableServiceAccountRequest()).execute();
              accounts.enable(CREATED, new EnableServiceAccountRequest()).execute();
            })
        .operation("delete and undelete an account", () -> restore(accounts))
        .comparedWithThePage();
  }

  @Test
  void iamCredentials_allMethods_areThoseOfThePage() {
    ClientReport.of(RealClient.IAM_CREDENTIALS_APIARY, IAMCredentials.class)
        .operation(
            "generateAccessToken",
            () ->
                assertThat(
                        credentials()
                            .generateAccessToken(
                                name(SA2),
                                new GenerateAccessTokenRequest()
                                    .setScope(List.of(CLOUD_PLATFORM))
                                    .setLifetime("600s"))
                            .execute()
                            .getAccessToken())
                    .startsWith("ya29."))
        .operation(
            "generateIdToken",
            () ->
                assertThat(
                        credentials()
                            .generateIdToken(
                                name(SA2), new GenerateIdTokenRequest().setAudience("orders"))
                            .execute()
                            .getToken())
                    .isNotEmpty())
        .operation(
            "signBlob",
            () ->
                assertThat(
                        credentials()
                            .signBlob(
                                name(SA2), new SignBlobRequest().encodePayload(new byte[] {1}))
                            .execute()
                            .decodeSignedBlob())
                    .hasSize(256))
        .operation(
            "signJwt",
            () ->
                assertThat(
                        credentials()
                            .signJwt(name(SA2), new SignJwtRequest().setPayload("{}"))
                            .execute()
                            .getSignedJwt())
                    .isNotEmpty())
        .comparedWithThePage();
  }

  private IAMCredentials.Projects.ServiceAccounts credentials() {
    return new IAMCredentials.Builder(transport, GsonFactory.getDefaultInstance(), as(member(SA1)))
        .setApplicationName("test")
        .build()
        .projects()
        .serviceAccounts();
  }

  private static List<String> emails(ServiceAccounts.List request) throws IOException {
    return request.execute().getAccounts().stream().map(ServiceAccount::getEmail).toList();
  }

  private static void assertPartial(ServiceAccounts accounts) throws IOException {
    ServiceAccount account = accounts.get(name(SA1)).setFields("email").execute();
    assertThat(account).containsOnlyKeys("email").containsValue(SA1);
  }

  private static List<String> batch(Iam iam) throws IOException {
    List<String> emails = new ArrayList<>();
    BatchRequest batch = iam.batch();
    for (String account : List.of(SA1, SA2)) {
      iam.projects().serviceAccounts().get(name(account)).queue(batch, into(emails));
    }
    batch.execute();
    return emails;
  }

  private static JsonBatchCallback<ServiceAccount> into(List<String> emails) {
    return new JsonBatchCallback<>() {
      @Override
      public void onSuccess(ServiceAccount account, HttpHeaders headers) {
        emails.add(account.getEmail());
      }

      @Override
      public void onFailure(GoogleJsonError error, HttpHeaders headers) {
        emails.add(error.getMessage());
      }
    };
  }

  private static String renamed(ServiceAccounts accounts) throws IOException {
    return accounts
        .patch(
            CREATED,
            new PatchServiceAccountRequest()
                .setServiceAccount(new ServiceAccount().setDisplayName("Renamed"))
                .setUpdateMask("displayName"))
        .execute()
        .getDisplayName();
  }

  private static void grant(ServiceAccounts accounts) throws IOException {
    Policy policy = accounts.getIamPolicy(CREATED).setOptionsRequestedPolicyVersion(3).execute();
    policy.setBindings(
        List.of(new Binding().setRole(TOKEN_CREATOR).setMembers(List.of(member(SA1)))));
    accounts.setIamPolicy(CREATED, new SetIamPolicyRequest().setPolicy(policy)).execute();
    assertThat(accounts.getIamPolicy(CREATED).execute().getBindings()).hasSize(1);
  }

  private static void restore(ServiceAccounts accounts) throws IOException {
    String uniqueId = accounts.get(CREATED).execute().getUniqueId();
    accounts.delete(CREATED).execute();
    accounts
        .undelete("projects/-/serviceAccounts/" + uniqueId, new UndeleteServiceAccountRequest())
        .execute();
    assertThat(accounts.get(CREATED).execute().getUniqueId()).isEqualTo(uniqueId);
  }
}
