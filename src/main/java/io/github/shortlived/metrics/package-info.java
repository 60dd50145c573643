/**
 * Counts and times events as Micrometer meters. Its entry point is {@link
 * io.github.shortlived.metrics.CredentialMetrics}; the package uses the facade, {@code model},
 * {@code internal.text} and the optional library micrometer-core.
 *
 * <p>It is evolving: a minor version may change it incompatibly.
 */
@NullMarked
package io.github.shortlived.metrics;

import org.jspecify.annotations.NullMarked;
