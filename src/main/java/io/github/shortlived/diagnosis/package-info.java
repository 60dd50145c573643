/**
 * Explains why a credential is refused. {@link io.github.shortlived.diagnosis.Diagnostics} is the
 * entry point; it uses the facade, {@code audit}, {@code grant}, {@code policy} and {@code model}.
 */
@NullMarked
package io.github.shortlived.diagnosis;

import org.jspecify.annotations.NullMarked;
