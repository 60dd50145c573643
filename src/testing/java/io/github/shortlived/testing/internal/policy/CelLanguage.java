package io.github.shortlived.testing.internal.policy;

import com.google.common.base.Splitter;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;

/**
 * What all of Google's uses of the Common Expression Language share. Touches the evaluator's
 * library, which may be absent.
 */
public final class CelLanguage {
  private CelLanguage() {}

  /** The standard language and {@code extract}, without variables. */
  public static CelBuilder builder() {
    return CelFactory.standardCelBuilder()
        .setOptions(CelOptions.current().evaluateCanonicalTypesToNativeValues(true).build())
        .addFunctionDeclarations(extract())
        .addFunctionBindings(
            CelFunctionBinding.from(
                "string_extract", String.class, String.class, ExtractFunction::extract));
  }

  /** The evaluator's complaint without the drawing of where it is. */
  public static String firstLine(Exception malformed) {
    return Splitter.on('\n').splitToList(String.valueOf(malformed.getMessage())).get(0);
  }

  private static CelFunctionDecl extract() {
    return CelFunctionDecl.newFunctionDeclaration(
        "extract",
        CelOverloadDecl.newMemberOverload(
            "string_extract", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING));
  }
}
