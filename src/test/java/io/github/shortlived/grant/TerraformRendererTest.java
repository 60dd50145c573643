package io.github.shortlived.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.NastyTexts;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerraformRendererTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final Member ME = Member.of("user:me@example.com");
  private static final Pattern EXPRESSION = Pattern.compile("    expression = \"(.*)\"");
  private static final Pattern TOKEN =
      Pattern.compile("\\\\u(.{4})|\\\\U(.{8})|\\\\[nrt\"\\\\]|\\$\\$\\{|%%\\{");
  private static final Map<String, String> ESCAPES =
      Map.of(
          "\\n", "\n", "\\r", "\r", "\\t", "\t", "\\\"", "\"", "\\\\", "\\", "$${", "${", "%%{",
          "%{");

  @Test
  void of_bindingAdded_isAResource() {
    assertThat(added(CrossAccountGrant.tokenCreator(ME).on(TARGET)))
        .isEqualTo(
            """
            resource "google_service_account_iam_member" "target_service_account_token_creator_me_07482244" {
              service_account_id = "projects/p/serviceAccounts/target@p.iam.gserviceaccount.com"
              role               = "roles/iam.serviceAccountTokenCreator"
              member             = "user:me@example.com"
            }
            """);
  }

  @Test
  void of_expiry_isACondition() {
    Instant end = Instant.parse("2027-01-01T00:00:00Z");
    assertThat(added(CrossAccountGrant.tokenCreator(ME).on(TARGET).until(end)))
        .isEqualTo(
            """
            resource "google_service_account_iam_member" "target_service_account_token_creator_me_77957ee3" {
              service_account_id = "projects/p/serviceAccounts/target@p.iam.gserviceaccount.com"
              role               = "roles/iam.serviceAccountTokenCreator"
              member             = "user:me@example.com"

              condition {
                title      = "short-lived until 2027-01-01T00:00:00Z"
                expression = "request.time < timestamp(\\"2027-01-01T00:00:00Z\\")"
              }
            }
            """);
  }

  @Test
  void of_describedCondition_isExact() {
    assertThat(with(new Condition("it's", "a\n${b} %{c} \\d", "x == \"\u001b\"")))
        .endsWith(
            """
              condition {
                title       = "it's"
                description = "a\\n$${b} %%{c} \\\\d"
                expression  = "x == \\"\\u001b\\""
              }
            }
            """);
  }

  @Test
  void of_chain_isAResourceEach() {
    String text =
        added(
            new CrossAccountGrant(
                List.of(
                    new Binding(TARGET, CrossAccountGrant.TOKEN_CREATOR, ME),
                    new Binding(TARGET, CrossAccountGrant.TOKEN_CREATOR, Member.allUsers()))));
    assertThat(text)
        .contains("}\n\nresource ")
        .contains("\"target_service_account_token_creator_allusers_44748a6d\"");
  }

  @Test
  void of_bindingRemoved_isALineThatSaysWhatToDelete() {
    Condition condition = Condition.of("t", "a\n|| b");
    Binding binding = new Binding(TARGET, "roles/x", ME, Optional.of(condition));
    assertThat(TerraformRenderer.of(PolicyEditor.changes(Kind.REMOVED, List.of(binding))))
        .isEqualTo(
            "# Delete google_service_account_iam_member.%s: roles/x on %s for %s if a || b\n"
                .formatted(TerraformRenderer.label(binding), TARGET, ME));
  }

  @Test
  void of_memberWithLineBreak_cannotLeaveTheComment() {
    Binding binding = new Binding(TARGET, "roles/x", Member.inPolicy("user:a\nresource"));
    assertThat(TerraformRenderer.of(PolicyEditor.changes(Kind.REMOVED, List.of(binding))))
        .containsOnlyOnce("\n")
        .endsWith("for user:a resource\n");
  }

  @Test
  void of_bindingUnchanged_saysThatThereIsNothingToDo() {
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(ME).on(TARGET);
    assertThat(TerraformRenderer.of(PolicyEditor.changes(Kind.UNCHANGED, grant.bindings())))
        .isEqualTo("# Nothing to do\n");
  }

  @ParameterizedTest
  @CsvSource({
    "a@p.iam.gserviceaccount.com, projects/p/serviceAccounts/a@p.iam.gserviceaccount.com",
    "a@p.example.com.iam.gserviceaccount.com,"
        + " projects/example.com:p/serviceAccounts/a@p.example.com.iam.gserviceaccount.com",
    "1-compute@developer.gserviceaccount.com,"
        + " projects/-/serviceAccounts/1-compute@developer.gserviceaccount.com"
  })
  void of_account_isNamedWithTheProjectOfItsEmail(String account, String name) {
    assertThat(added(CrossAccountGrant.tokenCreator(ME).on(ServiceAccount.of(account))))
        .contains("  service_account_id = \"" + name + "\"\n")
        .doesNotContain("#");
  }

  @Test
  void of_accountByUniqueId_saysThatTheProviderWantsItsEmail() {
    assertThat(added(CrossAccountGrant.tokenCreator(ME).on(ServiceAccount.of("103456789"))))
        .contains(
            """
              # The provider rejects unique IDs: use the account's email address here.
              service_account_id = "projects/-/serviceAccounts/103456789"
            """);
  }

  @Test
  void of_nastyTexts_areReadBackAsTerraformReadsThem() {
    for (String nasty : NastyTexts.all()) {
      Matcher expression = EXPRESSION.matcher(with(Condition.of("t", nasty)));
      assertThat(expression.results().map(found -> read(found.group(1)))).containsExactly(nasty);
    }
  }

  private static String added(CrossAccountGrant grant) {
    return TerraformRenderer.of(PolicyEditor.changes(Kind.ADDED, grant.bindings()));
  }

  private static String with(Condition condition) {
    return added(
        new CrossAccountGrant(List.of(new Binding(TARGET, "roles/x", ME, Optional.of(condition)))));
  }

  static String read(String literal) {
    String rest = TOKEN.matcher(literal).replaceAll(" ");
    assertThat(rest).doesNotContain("${", "%{", "\"", "\\");
    return TOKEN.matcher(literal).replaceAll(token -> Matcher.quoteReplacement(read(token)));
  }

  private static String read(MatchResult token) {
    String hex = token.group().substring(Math.min(2, token.group().length()));
    return ESCAPES.containsKey(token.group())
        ? ESCAPES.get(token.group())
        : Character.toString(Integer.parseInt(hex, 16));
  }
}
