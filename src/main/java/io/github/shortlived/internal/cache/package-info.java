/**
 * Caches tokens and refreshes them ahead of their expiry. Not part of the API; {@code TokenCache}
 * is the entry point; uses {@code model} and {@code internal.client}.
 */
@NullMarked
package io.github.shortlived.internal.cache;

import org.jspecify.annotations.NullMarked;
