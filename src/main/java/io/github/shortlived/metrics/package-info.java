/**
 * Meters of credentials and policies. Needs {@code io.micrometer:micrometer-core} on the class
 * path, which this library does not bring.
 */
@NullMarked
package io.github.shortlived.metrics;

import org.jspecify.annotations.NullMarked;
