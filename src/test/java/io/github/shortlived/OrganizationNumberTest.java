package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ID tokens with the number of the account's organization, which in the emulator is null. */
class OrganizationNumberTest {
  private static final String ONLY_IAM =
      "Invalid option 'organizationNumberIncluded': only IAM adds the organization, not the service"
          + " that issues the source's own ID tokens. Use the source's service account as target.";

  private final AdapterWorld world = new AdapterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private static IdTokenRequest request(Target target) {
    return IdTokenRequest.of(target, "https://orders.example.com").withOrganizationNumber();
  }

  private static JsonObject claims(IdToken token) {
    return JsonParser.parseString(TestKeys.part(token.token(), 1)).getAsJsonObject();
  }

  private ShortLivedCredentials open(GoogleCredentials source, boolean grpc) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .source(source)
            .endpoints(world.emulator().endpoints())
            .httpTransportFactory(world.emulator().httpTransportFactory());
    return grpc ? builder.grpc().build() : builder.build();
  }

  private GoogleCredentials impersonated() {
    return ImpersonatingSources.of(
        world.emulator().googleCredentials(Member.of(CALLER).id()), world.emulator(), TARGET);
  }

  @Test
  void issue_withOrganizationNumber_hasTheClaim() {
    for (Target target : List.of(TARGET, CHAIN)) {
      JsonObject claims = claims(world.caller().issue(request(target).withEmail()));
      assertThat(claims.getAsJsonObject("google").has("organization_number")).isTrue();
      assertThat(claims.get("email").getAsString()).isEqualTo(TARGET.id());
      assertThat(claims.get("aud").getAsString()).isEqualTo("https://orders.example.com");
    }
  }

  @Test
  void issue_withoutOrganizationNumber_lacksTheClaimAndIsAnotherToken() {
    IdToken with = world.caller().issue(request(TARGET));
    IdToken without = world.caller().idToken(TARGET, "https://orders.example.com");

    assertThat(claims(without).has("google")).isFalse();
    assertThat(world.caller().issue(request(TARGET))).isSameAs(with);
    assertThat(world.calls("generateIdToken")).isEqualTo(2);
  }

  @Test
  void issue_withoutGrant_namesTheGrant() {
    assertThatThrownBy(() -> world.caller().issue(request(AdapterWorld.STRANGER)))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageStartingWith("generateIdToken for " + AdapterWorld.STRANGER)
        .hasMessageContaining("roles/iam.serviceAccountOpenIdTokenCreator");
  }

  @Test
  void issue_overGrpc_refusedBeforeTheNetwork() {
    try (ShortLivedCredentials caller =
        open(world.emulator().googleCredentials(Member.of(CALLER).id()), true)) {
      assertThatThrownBy(() -> caller.issue(request(TARGET)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Invalid option 'organizationNumberIncluded': Google publishes it for HTTP/JSON only."
                  + " Build the credentials without grpc().");
    }
    assertThat(world.emulator().calls()).isEmpty();
  }

  @Test
  void issue_ownKey_refusedBeforeTheNetwork() {
    try (ShortLivedCredentials own =
        ShortLivedCredentials.builder()
            .keyJson(world.emulator().serviceAccountKey(CALLER.id()))
            .endpoints(world.emulator().endpoints())
            .build()) {
      assertThatThrownBy(() -> own.issue(request(Target.self())))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(ONLY_IAM);
    }
    assertThat(world.emulator().calls()).isEmpty();
  }

  @Test
  void issue_ownMachine_refusedBeforeTheNetwork() {
    FakeHttp metadata = new FakeHttp();
    try (ShortLivedCredentials own =
        open(
            ComputeEngineCredentials.newBuilder().setHttpTransportFactory(metadata).build(),
            false)) {
      assertThatThrownBy(() -> own.issue(request(Target.self())))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(ONLY_IAM);
    }
    assertThat(metadata.requests()).isEmpty();
  }

  @Test
  void issue_selfImpersonates_hasTheClaim() {
    try (ShortLivedCredentials own = open(impersonated(), false)) {
      assertThat(claims(own.issue(request(Target.self()))).has("google")).isTrue();
    }
    try (ShortLivedCredentials own = open(impersonated(), true)) {
      assertThatThrownBy(() -> own.issue(request(Target.self())))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("without grpc()");
    }
  }
}
