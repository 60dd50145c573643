package io.github.shortlived.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TestKeys;
import io.github.shortlived.model.Member;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loads key JSON of any text: the credentials identify the account that the text names, or the
 * refusal quotes nothing of it. {@code <<pem>>} stands for a private key that is generated for this
 * run.
 */
class KeyJsonFuzzTest {
  private static final String PEM = TestKeys.pem().replace("\n", "\\n");

  @FuzzTest(maxDuration = "1m")
  void keyJson_ofAnyText_callsAsItsAccountOrIsRefused(byte[] input) {
    String json = FuzzedText.of(input).replace("<<pem>>", PEM);
    caller(builder -> builder.keyJson(json))
        .ifPresent(
            member ->
                assertThat(member.id())
                    .isEqualTo("serviceAccount:" + text(json, "client_email").orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "other-universe"})
  void keyJson_ofAKey_isAccepted(String seed) {
    String method = "keyJson_ofAnyText_callsAsItsAccountOrIsRefused";
    String json = FuzzedText.of(FuzzedText.seed(getClass(), method, seed)).replace("<<pem>>", PEM);
    assertThat(caller(builder -> builder.keyJson(json))).isPresent();
  }

  /** Returns the caller of the credentials, if they are accepted and know it without a call. */
  private static Optional<Member> caller(UnaryOperator<ShortLivedCredentials.Builder> source) {
    FakeHttp network = new FakeHttp();
    ShortLivedCredentials.Builder builder =
        source.apply(ShortLivedCredentials.builder().httpTransportFactory(network));
    Optional<Member> member =
        FuzzedText.accepted(builder::build)
            .flatMap(
                credentials -> {
                  try (credentials) {
                    return FuzzedText.accepted(credentials::callerMember).flatMap(known -> known);
                  }
                });
    assertThat(network.requests()).isEmpty();
    return member;
  }

  private static Optional<String> text(String json, String name) {
    try {
      return JsonParser.parseString(json) instanceof JsonObject object
          ? Optional.ofNullable(object.get(name)).map(JsonElement::getAsString)
          : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }
}
