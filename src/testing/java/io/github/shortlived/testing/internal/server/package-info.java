/**
 * Runs both servers of the emulator around one world. Not part of the API; {@code Servers} is the
 * entry point; uses every emulated service.
 */
@NullMarked
package io.github.shortlived.testing.internal.server;

import org.jspecify.annotations.NullMarked;
