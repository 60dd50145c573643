/**
 * Runs the emulator from the command line. {@code IamEmulatorMain} is the entry point; it uses the
 * public classes of {@code testing}.
 */
@NullMarked
package io.github.shortlived.testing.standalone;

import org.jspecify.annotations.NullMarked;
