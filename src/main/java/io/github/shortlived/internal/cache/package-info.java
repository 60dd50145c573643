/**
 * Caches tokens and refreshes them before they expire. Not part of the API. {@code TokenCache} is
 * the entry point. The package uses {@code model}, {@code internal.failure} and {@code
 * internal.text}.
 */
@NullMarked
package io.github.shortlived.internal.cache;

import org.jspecify.annotations.NullMarked;
