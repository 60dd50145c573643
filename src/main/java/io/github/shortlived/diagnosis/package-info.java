/**
 * Explains why a credential is refused. Its entry point is {@link
 * io.github.shortlived.diagnosis.Diagnostics}; the package uses {@code audit}, {@code grant} and
 * the packages below them.
 */
@NullMarked
package io.github.shortlived.diagnosis;

import org.jspecify.annotations.NullMarked;
