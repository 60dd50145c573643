/**
 * Emulates the instance lists of Compute Engine. Not part of the API; uses the world and {@code
 * internal.rpc}.
 */
@NullMarked
package io.github.shortlived.testing.internal.compute;

import org.jspecify.annotations.NullMarked;
