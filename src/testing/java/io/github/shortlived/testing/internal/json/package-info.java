/**
 * Internal: reads and writes JSON. Its entry point is {@code Json}; the package uses no other
 * package of the emulator.
 */
@NullMarked
package io.github.shortlived.testing.internal.json;

import org.jspecify.annotations.NullMarked;
