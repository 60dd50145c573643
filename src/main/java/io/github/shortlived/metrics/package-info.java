/**
 * Counts and times events as Micrometer meters. {@link
 * io.github.shortlived.metrics.CredentialMetrics} is the entry point; it uses the facade, {@code
 * model} and the optional library micrometer-core.
 */
@NullMarked
package io.github.shortlived.metrics;

import org.jspecify.annotations.NullMarked;
