package io.github.shortlived.testing.internal.federation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Suppliers;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.policy.CelExpressions;
import io.github.shortlived.testing.internal.policy.Conditions;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Maps the claims of an external token to a principal. The rules are documented; the texts of the
 * errors are unverified, except where a comment says otherwise. Safe for concurrent use.
 */
public final class AttributeMapper {
  private static final int LONGEST_SUBJECT = 127;

  /** The variables of expressions: the token's claims, and the attributes mapped from them. */
  static final String ASSERTION = "assertion";

  static final String GOOGLE = "google";
  static final String ATTRIBUTE = "attribute";

  // Not a method reference, which would load the optional library at once.
  private static final Supplier<CelExpressions> EVALUATOR =
      Suppliers.memoize(() -> CelAttributes.expressions());

  private AttributeMapper() {}

  /**
   * Checks the expressions of a mapping. Only the default mapping works without the evaluator.
   *
   * @throws IllegalArgumentException if an expression is invalid, or the evaluator is absent
   */
  public static void check(AttributeMapping rules) {
    if (!rules.equals(AttributeMapping.SUBJECT_ONLY)) {
      CelExpressions expressions = evaluator();
      rules.mapping().values().forEach(expressions::compile);
      rules.condition().ifPresent(expressions::compile);
    }
  }

  private static CelExpressions evaluator() {
    try {
      return Conditions.load(EVALUATOR);
    } catch (RpcException absent) {
      throw new IllegalArgumentException(absent.status().getMessage(), absent);
    }
  }

  static Principal principal(WorkloadPool pool, Map<String, Object> assertion) {
    Map<String, Object> mapped = mapped(pool.attributeMapping(), assertion);
    pool.attributeMapping()
        .condition()
        .ifPresent(condition -> require(condition, assertion, mapped));
    String subject = String.valueOf(mapped.get(AttributeMapping.SUBJECT));
    return new Principal(pool.principal(subject), sets(pool, mapped));
  }

  private static Map<String, Object> mapped(AttributeMapping rules, Map<String, Object> assertion) {
    Map<String, Object> mapped = new LinkedHashMap<>();
    rules
        .mapping()
        .forEach(
            (name, mapping) -> mapped.put(name, typed(name, value(rules, mapping, assertion))));
    return mapped;
  }

  private static Optional<Object> value(
      AttributeMapping rules, String expression, Map<String, Object> assertion) {
    return rules.equals(AttributeMapping.SUBJECT_ONLY)
        ? Optional.ofNullable(assertion.get("sub"))
        : EVALUATOR.get().value(expression, variables(assertion, Map.of()));
  }

  private static Object typed(String name, Optional<Object> value) {
    Object present =
        value.orElseThrow(
            () -> OAuthException.invalidGrant("The attribute " + name + " could not be mapped."));
    boolean fits = name.equals(AttributeMapping.GROUPS) ? isGroups(present) : isText(present);
    if (!fits) {
      throw OAuthException.invalidGrant("The mapped attribute " + name + " is of the wrong type.");
    }
    if (name.equals(AttributeMapping.SUBJECT)) {
      requireShort(present.toString());
    }
    return present;
  }

  private static boolean isText(Object value) {
    return value instanceof String text && !text.isBlank();
  }

  private static boolean isGroups(Object value) {
    return value instanceof List<?> groups && groups.stream().allMatch(AttributeMapper::isText);
  }

  /** Error and text are as quoted in public threads. */
  private static void requireShort(String subject) {
    if (subject.getBytes(UTF_8).length > LONGEST_SUBJECT) {
      throw OAuthException.invalidRequest(
          "The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify"
              + " your attribute mapping or the incoming assertion to produce a mapped attribute"
              + " that is less than 127 bytes.");
    }
  }

  private static void require(
      String condition, Map<String, Object> assertion, Map<String, Object> mapped) {
    Optional<Object> holds = EVALUATOR.get().value(condition, variables(assertion, mapped));
    if (!holds.equals(Optional.of(true))) {
      throw OAuthException.rejectedByCondition();
    }
  }

  private static Map<String, Object> variables(
      Map<String, Object> assertion, Map<String, Object> mapped) {
    return Map.of(
        ASSERTION,
        assertion,
        GOOGLE,
        under("google.", mapped),
        ATTRIBUTE,
        under(AttributeMapping.CUSTOM, mapped));
  }

  private static Map<String, Object> under(String prefix, Map<String, Object> mapped) {
    Map<String, Object> values = new LinkedHashMap<>();
    mapped.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            values.put(name.substring(prefix.length()), value);
          }
        });
    return values;
  }

  private static Set<String> sets(WorkloadPool pool, Map<String, Object> mapped) {
    Set<String> sets = new LinkedHashSet<>();
    if (mapped.get(AttributeMapping.GROUPS) instanceof List<?> groups) {
      groups.forEach(group -> sets.add(pool.principalSet("group/" + group)));
    }
    under(AttributeMapping.CUSTOM, mapped)
        .forEach((name, value) -> sets.add(pool.principalSet("attribute." + name + "/" + value)));
    return sets;
  }
}
