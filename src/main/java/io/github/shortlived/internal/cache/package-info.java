/**
 * Internal: caches tokens and refreshes them before they expire. Its entry point is {@code
 * TokenCache}; the package uses {@code model} and the packages below it.
 */
@NullMarked
package io.github.shortlived.internal.cache;

import org.jspecify.annotations.NullMarked;
