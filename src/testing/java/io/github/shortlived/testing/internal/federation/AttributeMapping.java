package io.github.shortlived.testing.internal.federation;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The attribute mapping and condition of a workload identity pool provider: an expression for each
 * attribute, and one that must be true for a token that the pool accepts.
 *
 * @see <a href="https://cloud.google.com/iam/docs/workload-identity-federation#mapping">Attribute
 *     mappings</a>
 */
public record AttributeMapping(Map<String, String> mapping, Optional<String> condition) {
  static final String SUBJECT = "google.subject";
  static final String GROUPS = "google.groups";
  static final String CUSTOM = "attribute.";

  private static final Pattern NAME =
      Pattern.compile("google\\.subject|google\\.groups|attribute\\.[a-z0-9_]{1,100}");
  private static final int MOST_CUSTOM = 50;
  private static final int LONGEST_MAPPING = 2048;
  private static final int LONGEST_CONDITION = 4096;

  public static final AttributeMapping SUBJECT_ONLY =
      new AttributeMapping(Map.of(SUBJECT, "assertion.sub"), Optional.empty());

  public AttributeMapping {
    mapping = ImmutableSortedMap.copyOf(mapping);
    mapping.forEach(AttributeMapping::requireMapping);
    requireComplete(mapping);
    condition.ifPresent(expression -> requireUpTo(LONGEST_CONDITION, expression));
  }

  public AttributeMapping withMapping(Map<String, String> other) {
    return new AttributeMapping(other, condition);
  }

  public AttributeMapping withCondition(String other) {
    return new AttributeMapping(mapping, Optional.of(other));
  }

  private static void requireMapping(String attribute, String expression) {
    if (!NAME.matcher(attribute).matches()) {
      throw new IllegalArgumentException(
          ("\"%s\" is not an attribute: use google.subject, google.groups or attribute.NAME of 1 to"
                  + " 100 lower-case letters, digits and underscores")
              .formatted(attribute));
    }
    requireUpTo(LONGEST_MAPPING, expression);
  }

  private static void requireComplete(Map<String, String> mapping) {
    if (!mapping.containsKey(SUBJECT)) {
      throw new IllegalArgumentException(
          mapping.keySet()
              + " does not map google.subject: add \"google.subject\", \"assertion.sub\"");
    }
    if (mapping.keySet().stream().filter(name -> name.startsWith(CUSTOM)).count() > MOST_CUSTOM) {
      throw new IllegalArgumentException(
          mapping.size()
              + " attributes are mapped: use at most "
              + MOST_CUSTOM
              + " of attribute.NAME");
    }
  }

  private static void requireUpTo(int longest, String expression) {
    if (expression.isBlank() || expression.length() > longest) {
      throw new IllegalArgumentException(
          "An expression has %s characters: use 1 to %s in the Common Expression Language"
              .formatted(expression.length(), longest));
    }
  }
}
