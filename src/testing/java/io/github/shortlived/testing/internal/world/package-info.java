/**
 * Holds everything that a test declares and the emulator remembers. Not part of the API; {@code
 * World} is the entry point; uses the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.world;

import org.jspecify.annotations.NullMarked;
