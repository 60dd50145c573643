/**
 * Runs the emulator from the command line. {@link
 * io.github.shortlived.testing.standalone.IamEmulatorMain} is the entry point; the package uses
 * {@code testing} and {@code testing.internal}.
 */
@NullMarked
package io.github.shortlived.testing.standalone;

import org.jspecify.annotations.NullMarked;
