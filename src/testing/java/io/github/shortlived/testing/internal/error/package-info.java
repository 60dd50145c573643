/**
 * Creates the errors that Google responds with. Not part of the API; uses no other package of the
 * emulator.
 */
@NullMarked
package io.github.shortlived.testing.internal.error;

import org.jspecify.annotations.NullMarked;
