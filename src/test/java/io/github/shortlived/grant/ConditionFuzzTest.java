package io.github.shortlived.grant;

import static io.github.shortlived.FuzzedText.accepted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.base.Splitter;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.internal.text.CelScanner;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ShellCommand;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditions of any text. The input is a title, a description and an expression, separated by lines
 * of two hyphens, or only the expression.
 */
class ConditionFuzzTest {
  private static final Instant END = Instant.parse("2026-11-22T12:00:00Z");
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final CrossAccountGrant GRANT =
      CrossAccountGrant.tokenCreator(Member.of("user:me@example.com")).on(TARGET);
  private static final CelParser CEL = CelParserFactory.standardCelParserBuilder().build();
  private static final Pattern TERRAFORM =
      Pattern.compile("(?m)^    (title|description|expression) += \"(.*)\"$");

  private static final Pattern SHELL =
      Pattern.compile(
          "'([^']*)'|\\\\'|\"\\$\\(printf '((?:\\\\[0-7]{3})+)'\\)\"|[A-Za-z0-9@:._/-]+");

  private static Condition condition(byte[] input) {
    List<String> parts = Splitter.on("\n--\n").limit(3).splitToList(FuzzedText.of(input));
    return parts.size() < 3
        ? Condition.of("title", parts.get(parts.size() - 1))
        : new Condition(parts.get(0), parts.get(1), parts.get(2));
  }

  /** Checks with Google's parser that a grant with any condition expires. */
  @FuzzTest(maxDuration = "1m")
  void until_withAnyCondition_endsTheGrantOrIsRefused(byte[] input) {
    Condition own = condition(input);
    accepted(() -> GRANT.onlyIf(own).until(END))
        .flatMap(grant -> accepted(() -> checked(grant)))
        .ifPresent(grant -> checkEnds(own, grant.bindings().get(0)));
  }

  private static CrossAccountGrant checked(CrossAccountGrant grant) {
    grant.bindings().forEach(binding -> GrantValidation.check(binding, END.minusSeconds(60)));
    return grant;
  }

  private static void checkEnds(Condition own, Binding binding) {
    Condition both = binding.condition().orElseThrow();
    assertThat(binding.expiry()).contains(END);
    assertThat(both.withoutExpiry()).isEqualTo("(" + own.expression() + ")");
    parsed(both.expression())
        .ifPresent(
            expression -> {
              assertThat(expression.callOrDefault().function()).isEqualTo("_&&_");
              CelExpr end = expression.callOrDefault().args().get(0);
              assertThat(end.callOrDefault().function()).isEqualTo("_<_");
              assertThat(parsed(own.expression())).as("the condition by itself").isPresent();
            });
  }

  /** Checks that no expression is refused for brackets or quotes that Google's parser accepts. */
  @FuzzTest(maxDuration = "1m")
  void isWhole_ofAnyExpression_isWhatGooglesParserTakes(byte[] input) {
    String expression = condition(input).expression();
    if (parsed(expression).isPresent()) {
      assertThat(CelScanner.isWhole(expression)).as(expression).isTrue();
      assertThat(parsed(CelScanner.code(expression))).as("its code").isPresent();
    }
  }

  private static Optional<CelExpr> parsed(String expression) {
    try {
      return Optional.of(CEL.parse(expression).getAst().getExpr())
          .filter(any -> any.getKind() != Kind.NOT_SET);
    } catch (CelValidationException e) {
      return Optional.empty();
    }
  }

  /**
   * Checks that any condition of a policy can be shown, and that only exact ones have an expiry.
   */
  @FuzzTest(maxDuration = "1m")
  void expiry_ofAnyConditionOfAPolicy_needsTheExactFormat(byte[] input) {
    Condition any = condition(input);
    Optional<Instant> end = any.expiry();
    end.ifPresent(
        instant -> assertThat(any.expression()).startsWith(Condition.until(instant).expression()));
    assertThat(end.isEmpty()).isEqualTo(any.withoutExpiry().equals(any.expression()));
    PolicyChange change = new PolicyChange(PolicyChange.Kind.ADDED, binding(any));
    assertThat(SafeText.escape(change.toString(), hidden -> "<hidden>"))
        .isEqualTo(change.toString());
  }

  @FuzzTest(maxDuration = "1m")
  void renderings_ofAnyCondition_areReadBackAsItIs(byte[] input) {
    Condition condition = condition(input);
    List<PolicyChange> added =
        PolicyEditor.changes(PolicyChange.Kind.ADDED, List.of(binding(condition)));
    assertThat(GcloudRendererTest.read(GcloudRenderer.dictionary(condition)))
        .isEqualTo(fields(condition));
    String terraform = TerraformRenderer.of(added);
    assertThat(terraform.lines().filter(line -> line.equals("}"))).hasSize(1);
    assertThat(fields(terraform)).isEqualTo(fields(condition));
    assertThat(readByShell(ShellCommand.word(condition.expression())))
        .isEqualTo(condition.expression());
  }

  private static Map<String, String> fields(Condition condition) {
    Map<String, String> fields = new HashMap<>(GcloudRendererTest.entries(condition));
    fields.remove("description", "");
    return fields;
  }

  private static Map<String, String> fields(String terraform) {
    Map<String, String> fields = new HashMap<>();
    Matcher field = TERRAFORM.matcher(terraform);
    while (field.find()) {
      fields.put(field.group(1), TerraformRendererTest.read(field.group(2)));
    }
    return fields;
  }

  /** Reads a word as a POSIX shell does, as far as these words need it. */
  private static String readByShell(String word) {
    assertThat(SafeText.escape(word.replace("\n", ""), hidden -> "<hidden>"))
        .isEqualTo(word.replace("\n", ""));
    assertThat(SHELL.matcher(word).replaceAll("")).isEmpty();
    return SHELL.matcher(word).replaceAll(part -> Matcher.quoteReplacement(readByShell(part)));
  }

  private static String readByShell(MatchResult part) {
    if (part.group(2) != null) {
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      Splitter.on('\\')
          .omitEmptyStrings()
          .split(part.group(2))
          .forEach(octal -> printed.write(Integer.parseInt(octal, 8)));
      return printed.toString(UTF_8);
    }
    return part.group(1) != null ? part.group(1) : part.group().replace("\\'", "'");
  }

  private static Binding binding(Condition condition) {
    Binding plain = GRANT.bindings().get(0);
    return new Binding(plain.account(), plain.role(), plain.member(), Optional.of(condition));
  }
}
