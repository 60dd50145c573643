package io.github.shortlived.testing.internal.policy;

import dev.cel.bundle.Cel;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import io.github.shortlived.testing.internal.error.GoogleErrors;

/**
 * The language of conditions in access boundaries, over the name of an object and the attributes of
 * a list of objects. Loads the evaluator's library, which may be absent.
 */
final class CelBoundaries {
  private static final Cel LANGUAGE =
      CelExpressions.language()
          .setStandardMacros()
          .addVar("resource.name", SimpleType.STRING)
          .addVar("resource.service", SimpleType.STRING)
          .addVar("resource.type", SimpleType.STRING)
          .addVar("api", SimpleType.DYN)
          .addFunctionDeclarations(
              CelFunctionDecl.newFunctionDeclaration(
                  "getAttribute",
                  CelOverloadDecl.newMemberOverload(
                      "api_get_attribute",
                      SimpleType.DYN,
                      SimpleType.DYN,
                      SimpleType.STRING,
                      SimpleType.DYN)))
          .setResultType(SimpleType.BOOL)
          .build();

  private CelBoundaries() {}

  static CelExpressions expressions() {
    return new CelExpressions(
        LANGUAGE,
        (expression, reason) ->
            GoogleErrors.invalid("The condition of the access boundary is invalid: " + reason));
  }
}
