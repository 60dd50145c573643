package io.github.shortlived.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.TestKeys;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** For any text, the fault quotes nothing of it, and is one short line. */
class CredentialFaultsPropertyTest {
  /** The part of every value that must not be in a message. */
  private static final String HIDDEN = "h1dd3n";

  private static final List<String> NAMES =
      List.of(
          "type",
          "client_email",
          "client_id",
          "private_key",
          "private_key_id",
          "token_uri",
          "source_credentials",
          "installed",
          "privateKeyData",
          HIDDEN);
  private static final List<String> VALUES =
      List.of(
          "service_account",
          "authorized_user",
          "external_account",
          "impersonated_service_account",
          "gdch_service_account",
          HIDDEN,
          "://" + HIDDEN,
          TestKeys.pem() + HIDDEN,
          TestKeys.pem().replace("\n", HIDDEN),
          TestKeys.pem().replace("PRIVATE KEY", HIDDEN),
          TestKeys.pem().replace("PRIVATE", "RSA PRIVATE"),
          TestKeys.pem().substring(0, 200));

  @Property(tries = 1_000)
  void fault_ofAnyText_quotesNothing(@ForAll("texts") String text) {
    for (CredentialFault fault :
        List.of(CredentialFaults.ofKey(text), CredentialFaults.ofDefault(text))) {
      String shown = fault.problem() + ". " + fault.fix();
      assertThat(shown)
          .doesNotContain(HIDDEN, "PRIVATE KEY", TestKeys.pem().substring(40, 60))
          .matches("[ -~]{1,400}");
    }
  }

  /** JSON of known and unknown fields, whole or cut, and with something around it. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> around =
        Arbitraries.of("", HIDDEN, "\"", "[", "]", "{", "}", " ", "\n", "'", "\uFEFF", "\0");
    Arbitrary<String> json = objects(2).map(JsonElement::toString);
    Arbitrary<Integer> cut = Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 50));
    return Combinators.combine(around, json, cut, around)
        .as(
            (before, text, missing, after) ->
                before + text.substring(0, Math.max(0, text.length() - missing)) + after);
  }

  private static Arbitrary<JsonObject> objects(int depth) {
    return Arbitraries.maps(Arbitraries.of(NAMES), elements(depth))
        .ofMaxSize(7)
        .map(
            fields -> {
              JsonObject object = new JsonObject();
              fields.forEach(object::add);
              return object;
            });
  }

  private static Arbitrary<JsonElement> elements(int depth) {
    Arbitrary<JsonElement> text = Arbitraries.of(VALUES).map(JsonPrimitive::new);
    Arbitrary<JsonElement> other =
        Arbitraries.of(
            Stream.<JsonElement>of(new JsonPrimitive(1), new JsonArray(), new JsonObject())
                .toList());
    return depth == 0
        ? Arbitraries.frequencyOf(Tuple.of(9, text), Tuple.of(1, other))
        : Arbitraries.frequencyOf(
            Tuple.of(7, text),
            Tuple.of(1, other),
            Tuple.of(2, objects(depth - 1).map(JsonElement.class::cast)));
  }
}
