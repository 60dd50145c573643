package io.github.shortlived.grant;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.hash.Hashing;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ServiceAccountEmails;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Renders changes as Terraform resources, formatted as by {@code terraform fmt}. */
final class TerraformRenderer {
  private static final String TYPE = "google_service_account_iam_member";
  private static final Pattern NAME_PREFIX = Pattern.compile("^.*[/:](?=.*[A-Za-z0-9])");
  private static final Pattern CAMEL_CASE = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final CharMatcher WORD =
      CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('0', '9'));
  private static final int LONGEST_WORDS = 40;
  private static final int HASH_LENGTH = 8;

  private TerraformRenderer() {}

  static String of(List<PolicyChange> changes) {
    String text =
        changes.stream()
            .filter(PolicyChange::changed)
            .map(
                change ->
                    change.kind() == Kind.ADDED
                        ? resource(change.binding())
                        : removal(change.binding()))
            .collect(Collectors.joining("\n"));
    return text.isEmpty() ? "# Nothing to do\n" : text;
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
            label(binding),
            binding.account().isEmail()
                ? ""
                : "  # The provider rejects unique IDs: use the account's email address here.\n",
            string(resourceName(binding.account())),
            string(binding.role()),
            string(binding.member().id()),
            binding.condition().map(TerraformRenderer::block).orElse(""));
  }

  private static String block(Condition condition) {
    boolean described = !condition.description().isEmpty();
    return """

          condition {
            title     %1$s = %2$s
        %3$s    expression%1$s = %4$s
          }
        """
        .formatted(
            described ? " " : "",
            string(condition.title()),
            described ? "    description = " + string(condition.description()) + "\n" : "",
            string(condition.expression()));
  }

  private static String removal(Binding binding) {
    String line = "# Delete %s.%s: %s".formatted(TYPE, label(binding), binding);
    return SafeText.oneLine(line) + "\n";
  }

  /** Returns the name with the project, if the email address contains it. */
  private static String resourceName(ServiceAccount account) {
    return ServiceAccountEmails.projectId(account.id())
        .map(projectId -> "projects/" + projectId + "/serviceAccounts/" + account.id())
        .orElseGet(account::resourceName);
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

  /** Returns the resource's label, which is always the same for the same binding. */
  static String label(Binding binding) {
    String member = binding.member().normalizedId();
    String label =
        Stream.of(
                name(binding.account().id()),
                shortRole(binding.role()),
                name(member),
                hash(binding, member))
            .map(TerraformRenderer::words)
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining("_"));
    return Ascii.isLowerCase(label.charAt(0)) ? label : "_" + label;
  }

  /** Removes the domain of an email address, and kinds, pools and folders before a name. */
  private static String name(String id) {
    int at = id.indexOf('@');
    return NAME_PREFIX.matcher(at < 0 ? id : id.substring(0, at)).replaceFirst("");
  }

  private static String shortRole(String role) {
    String last = role.substring(Math.max(role.lastIndexOf('/'), role.lastIndexOf('.')) + 1);
    return CAMEL_CASE.matcher(last).replaceAll("_");
  }

  private static String words(String text) {
    String words = WORD.negate().trimAndCollapseFrom(Ascii.toLowerCase(text), '_');
    return words.substring(0, Math.min(words.length(), LONGEST_WORDS));
  }

  private static String hash(Binding binding, String member) {
    String identity =
        Stream.concat(
                Stream.of(binding.account().id(), binding.role(), member),
                binding.condition().stream()
                    .flatMap(c -> Stream.of(c.title(), c.description(), c.expression())))
            .collect(Collectors.joining("\0"));
    String hash = Hashing.sha256().hashString(identity, StandardCharsets.UTF_8).toString();
    return hash.substring(0, HASH_LENGTH);
  }
}
