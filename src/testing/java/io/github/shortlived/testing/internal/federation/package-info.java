/**
 * Emulates workload identity pools and their providers. Not part of the API; uses {@code
 * internal.policy} and {@code internal.key}.
 */
@NullMarked
package io.github.shortlived.testing.internal.federation;

import org.jspecify.annotations.NullMarked;
