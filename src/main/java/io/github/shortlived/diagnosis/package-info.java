/**
 * Explains why a credential is refused. Its entry point is {@link
 * io.github.shortlived.diagnosis.Diagnostics}; the package uses {@code audit}, {@code grant} and
 * the packages below them.
 *
 * <p>It is evolving: a minor version may change it incompatibly.
 */
@NullMarked
package io.github.shortlived.diagnosis;

import org.jspecify.annotations.NullMarked;
