/**
 * Emulates the metadata server of Compute Engine. Not part of the API; uses the world and {@code
 * internal.http}.
 */
@NullMarked
package io.github.shortlived.testing.internal.metadata;

import org.jspecify.annotations.NullMarked;
