package io.github.shortlived.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.github.shortlived.NastyTexts;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.internal.text.ShellCommand;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GcloudRendererTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final Member ME = Member.of("user:me@example.com");
  private static final String ADD =
      "gcloud iam service-accounts add-iam-policy-binding target@p.iam.gserviceaccount.com"
          + " --member=user:me@example.com --role=roles/iam.serviceAccountTokenCreator"
          + " --condition=";

  @Test
  void of_bindingAdded_saysThatThereIsNoCondition() {
    assertThat(GcloudRenderer.of(added(CrossAccountGrant.tokenCreator(ME).on(TARGET))))
        .containsExactly(ADD + "None");
  }

  @Test
  void of_bindingRemoved_isTheSameWithAnotherVerb() {
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(ME).on(TARGET);
    assertThat(GcloudRenderer.of(PolicyEditor.changes(Kind.REMOVED, grant.bindings())))
        .containsExactly(ADD.replace(" add-", " remove-") + "None");
  }

  @Test
  void of_bindingUnchanged_isNoCommand() {
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(ME).on(TARGET);
    assertThat(GcloudRenderer.of(PolicyEditor.changes(Kind.UNCHANGED, grant.bindings()))).isEmpty();
  }

  @Test
  void of_expiry_isTheConditionThatEndsIt() {
    CrossAccountGrant grant =
        CrossAccountGrant.tokenCreator(ME).on(TARGET).until(Instant.parse("2027-01-01T00:00:00Z"));
    assertThat(GcloudRenderer.of(added(grant)))
        .containsExactly(
            ADD
                + "'^|^title=short-lived until 2027-01-01T00:00:00Z"
                + "|expression=request.time < timestamp(\"2027-01-01T00:00:00Z\")'");
  }

  @Test
  void of_conditionWithQuotesAndLines_isExact() {
    assertThat(commandWith(new Condition("it's", "a, b\nc", "x == ';' || y == \"=\"")))
        .isEqualTo(
            ADD
                + "'^#^title=it'\\''s#expression=x == '\\'';'\\'' || y == \"=\""
                + "#description=a, b\nc'");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"a, |", "a|, ;", "a|;, #", "a|;#, ~", "a|;#~, |1;", "a|;#~|1;, |2;"})
  void of_delimiterInTheTitle_takesAnother(String title, String delimiter) {
    assertThat(commandWith(Condition.of(title, "true"))).contains("^" + delimiter + "^title=");
  }

  @Test
  void of_memberAndRole_areQuoted() {
    Binding binding =
        new Binding(TARGET, "roles/x; ls", Member.inPolicy("deleted:user:a@b.c?uid=1"));
    assertThat(GcloudRenderer.of(PolicyEditor.changes(Kind.REMOVED, List.of(binding))))
        .first()
        .asString()
        .contains(" --member='deleted:user:a@b.c?uid=1' --role='roles/x; ls' ");
  }

  @Test
  void of_nastyConditions_areReadBackAsGcloudReadsThem() {
    List<String> texts = NastyTexts.all();
    for (int i = 0; i < texts.size() - 2; i++) {
      Condition condition = new Condition(texts.get(i), texts.get(i + 1), texts.get(i + 2));
      String flag = GcloudRenderer.dictionary(condition);
      assertThat(commandWith(condition)).isEqualTo(ADD + ShellCommand.word(flag));
      assertThat(read(flag)).isEqualTo(entries(condition));
    }
  }

  private static List<PolicyChange> added(CrossAccountGrant grant) {
    return PolicyEditor.changes(Kind.ADDED, grant.bindings());
  }

  private static String commandWith(Condition condition) {
    Binding binding =
        new Binding(TARGET, CrossAccountGrant.TOKEN_CREATOR, ME, Optional.of(condition));
    return GcloudRenderer.of(PolicyEditor.changes(Kind.ADDED, List.of(binding))).get(0);
  }

  static Map<String, String> entries(Condition condition) {
    return Map.of(
        "title", condition.title(),
        "description", condition.description(),
        "expression", condition.expression());
  }

  /** Reads the flag as gcloud does: splits at the delimiter, then at the first equals sign. */
  static Map<String, String> read(String flag) {
    int end = flag.indexOf('^', 1);
    Map<String, String> entries = new LinkedHashMap<>();
    for (String entry : Splitter.on(flag.substring(1, end)).split(flag.substring(end + 1))) {
      int equals = entry.indexOf('=');
      entries.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return entries;
  }
}
