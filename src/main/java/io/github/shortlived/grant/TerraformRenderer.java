package io.github.shortlived.grant;

import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Changes as resources of Terraform's Google provider, laid out as {@code terraform fmt} does.
 *
 * @see <a
 *     href="https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_service_account_iam">
 *     google_service_account_iam_member</a>
 */
public final class TerraformRenderer {
  private static final String TYPE = "google_service_account_iam_member";
  private static final Pattern EMAIL =
      Pattern.compile("[^@]+@([^@.]+)\\.iam\\.gserviceaccount\\.com");

  private TerraformRenderer() {}

  public static String of(List<PolicyChange> changes) {
    String text =
        changes.stream()
            .filter(PolicyChange::changed)
            .map(TerraformRenderer::text)
            .collect(Collectors.joining("\n"));
    return text.isEmpty() ? "# Nothing to do\n" : text;
  }

  private static String text(PolicyChange change) {
    return switch (change.kind()) {
      case ADDED -> resource(change.binding());
      case REMOVED -> removal(change.binding());
      case UNCHANGED -> "";
    };
  }

  private static String resource(Binding binding) {
    return """
        resource "%s" "%s" {
        %s  service_account_id = %s
          role               = %s
          member             = %s
        %s}
        """
        .formatted(
            TYPE,
            TerraformLabel.of(binding),
            binding.account().isEmail()
                ? ""
                : "  # The provider refuses unique ids: put the account's email address here.\n",
            string(resourceName(binding.account())),
            string(binding.role()),
            string(binding.member().id()),
            binding.condition().map(TerraformRenderer::block).orElse(""));
  }

  private static String block(Condition condition) {
    return condition.description().isEmpty()
        ? """

              condition {
                title      = %s
                expression = %s
              }
            """
            .formatted(string(condition.title()), string(condition.expression()))
        : """

              condition {
                title       = %s
                description = %s
                expression  = %s
              }
            """
            .formatted(
                string(condition.title()),
                string(condition.description()),
                string(condition.expression()));
  }

  /** One line, whatever a policy holds. */
  private static String removal(Binding binding) {
    String line = "# Delete %s.%s: %s".formatted(TYPE, TerraformLabel.of(binding), binding);
    return SafeText.oneLine(line) + "\n";
  }

  /** With the project where the email address tells it. */
  private static String resourceName(ServiceAccount account) {
    Matcher email = EMAIL.matcher(account.id());
    return email.matches()
        ? "projects/" + email.group(1) + "/serviceAccounts/" + account.id()
        : account.resourceName();
  }

  private static String string(String text) {
    String literal =
        text.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "$${").replace("%{", "%%{");
    return '"' + SafeText.escape(literal, TerraformRenderer::escape) + '"';
  }

  private static String escape(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> (character < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(character);
    };
  }
}
