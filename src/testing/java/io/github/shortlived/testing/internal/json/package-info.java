/** Reads and writes JSON. Not part of the API; uses no other package of the emulator. */
@NullMarked
package io.github.shortlived.testing.internal.json;

import org.jspecify.annotations.NullMarked;
