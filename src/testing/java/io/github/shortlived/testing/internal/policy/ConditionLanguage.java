package io.github.shortlived.testing.internal.policy;

import static java.time.ZoneOffset.UTC;

import dev.cel.bundle.Cel;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The language of IAM Conditions, with every attribute and function that Google documents for allow
 * policies. Loads the evaluator's library, which may be absent.
 *
 * @see <a href="https://cloud.google.com/iam/docs/conditions-attribute-reference">Attribute
 *     reference for IAM Conditions</a>
 */
final class ConditionLanguage {
  private static final ListType STRINGS = ListType.create(SimpleType.STRING);

  /** Leaves out macros: IAM refuses {@code all}, and which others it has is unverified. */
  static final Cel CEL =
      CelExpressions.language()
          .setStandardMacros()
          .addVar("request.time", SimpleType.TIMESTAMP)
          .addVar("resource.name", SimpleType.STRING)
          .addVar("resource.service", SimpleType.STRING)
          .addVar("resource.type", SimpleType.STRING)
          .addVar("api", MapType.create(SimpleType.STRING, SimpleType.DYN))
          .addVar("request.auth", SimpleType.DYN)
          .addVar("request.host", SimpleType.STRING)
          .addVar("request.path", SimpleType.STRING)
          .addVar("destination.ip", SimpleType.STRING)
          .addVar("destination.port", SimpleType.INT)
          .addFunctionDeclarations(
              function("date", SimpleType.TIMESTAMP, SimpleType.STRING),
              getAttributeDeclaration(),
              hasOnlyDeclaration(),
              function("resource.hasTagKey", SimpleType.BOOL, SimpleType.STRING),
              function("resource.hasTagKeyId", SimpleType.BOOL, SimpleType.STRING),
              function("resource.matchTag", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING),
              function(
                  "resource.matchTagId", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING),
              function("compute.isForwardingRuleCreationOperation", SimpleType.BOOL),
              function("compute.matchLoadBalancingSchemes", SimpleType.BOOL, STRINGS))
          .addFunctionBindings(
              CelFunctionBinding.from("date", String.class, ConditionLanguage::date),
              CelFunctionBinding.from(
                  "getAttribute",
                  List.of(Map.class, String.class, Object.class),
                  ConditionLanguage::attribute),
              CelFunctionBinding.from(
                  "hasOnly", List.class, List.class, ConditionLanguage::hasOnly),
              // No call of the emulator creates a forwarding rule.
              CelFunctionBinding.from(
                  "compute.isForwardingRuleCreationOperation", List.of(), none -> false),
              CelFunctionBinding.from(
                  "compute.matchLoadBalancingSchemes", List.class, schemes -> true))
          .setResultType(SimpleType.BOOL)
          .build();

  /**
   * The ids of the attributes and functions of other services, and of tags, which a world cannot
   * have.
   */
  private static final Set<String> NOT_EMULATED =
      Set.of(
          "request.auth",
          "request.host",
          "request.path",
          "destination.ip",
          "destination.port",
          "resource.hasTagKey",
          "resource.hasTagKeyId",
          "resource.matchTag",
          "resource.matchTagId");

  private ConditionLanguage() {}

  /** Refuses a condition that Google evaluates and the emulator does not. */
  static void requireEmulated(CelAbstractSyntaxTree condition) {
    condition.getReferenceMap().values().stream()
        .flatMap(ConditionLanguage::ids)
        .filter(NOT_EMULATED::contains)
        .sorted()
        .findFirst()
        .ifPresent(
            id -> {
              throw GoogleErrors.notEmulated("The condition attribute " + id);
            });
  }

  private static Stream<String> ids(CelReference reference) {
    return Stream.concat(Stream.of(reference.name()), reference.overloadIds().stream());
  }

  /** Declares a function whose only overload has the same name. */
  private static CelFunctionDecl function(String name, CelType result, CelType... parameters) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newGlobalOverload(name, result, parameters));
  }

  private static CelFunctionDecl getAttributeDeclaration() {
    MapType api = MapType.create(SimpleType.STRING, SimpleType.DYN);
    return CelFunctionDecl.newFunctionDeclaration(
        "getAttribute",
        CelOverloadDecl.newMemberOverload(
            "getAttribute", SimpleType.DYN, api, SimpleType.STRING, SimpleType.DYN));
  }

  private static CelFunctionDecl hasOnlyDeclaration() {
    ListType list = ListType.create(SimpleType.DYN);
    return CelFunctionDecl.newFunctionDeclaration(
        "hasOnly", CelOverloadDecl.newMemberOverload("hasOnly", SimpleType.BOOL, list, list));
  }

  /** Returns the start of a day in UTC. */
  private static Object date(String day) {
    return LocalDate.parse(day).atStartOfDay(UTC).toInstant();
  }

  /** Returns an attribute of the call, or the default value. */
  private static Object attribute(Object... arguments) {
    return Objects.requireNonNullElse(((Map<?, ?>) arguments[0]).get(arguments[1]), arguments[2]);
  }

  private static Object hasOnly(List<?> list, List<?> allowed) {
    return allowed.containsAll(list);
  }
}
