/**
 * Reads and writes JSON, through {@link io.github.shortlived.testing.internal.json.Json}. Not part
 * of the API; the package uses no other package of the emulator.
 */
@NullMarked
package io.github.shortlived.testing.internal.json;

import org.jspecify.annotations.NullMarked;
