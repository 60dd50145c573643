package io.github.shortlived.grant;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.hash.Hashing;
import io.github.shortlived.policy.Binding;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The label of a binding's Terraform resource: account, role and member in short, then a hash of
 * all that makes it another binding. The same binding has the same label in every plan.
 */
final class TerraformLabel {
  private static final int PART = 40;
  private static final int HASH = 8;
  private static final Pattern BEFORE_NAME = Pattern.compile("^.*[/:](?=.*[A-Za-z0-9])");
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final CharMatcher WORD =
      CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('0', '9'));

  private TerraformLabel() {}

  static String of(Binding binding) {
    String label =
        Stream.of(
                name(binding.account().id()),
                role(binding.role()),
                name(binding.member().normalizedId()),
                hash(binding))
            .map(TerraformLabel::words)
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining("_"));
    return Ascii.isLowerCase(label.charAt(0)) ? label : "_" + label;
  }

  /** What comes before an email's domain and after kinds, pools and folders. */
  private static String name(String id) {
    int at = id.indexOf('@');
    return BEFORE_NAME.matcher(at < 0 ? id : id.substring(0, at)).replaceFirst("");
  }

  private static String role(String role) {
    String last = role.substring(Math.max(role.lastIndexOf('/'), role.lastIndexOf('.')) + 1);
    return HUMP.matcher(last).replaceAll("_");
  }

  private static String words(String text) {
    String words = WORD.negate().trimAndCollapseFrom(Ascii.toLowerCase(text), '_');
    return words.substring(0, Math.min(words.length(), PART));
  }

  private static String hash(Binding binding) {
    String identity =
        Stream.concat(
                Stream.of(binding.account().id(), binding.role(), binding.member().normalizedId()),
                binding.condition().stream()
                    .flatMap(c -> Stream.of(c.title(), c.description(), c.expression())))
            .collect(Collectors.joining("\0"));
    return Hashing.sha256()
        .hashString(identity, StandardCharsets.UTF_8)
        .toString()
        .substring(0, HASH);
  }
}
