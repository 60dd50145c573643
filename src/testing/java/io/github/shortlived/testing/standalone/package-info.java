/**
 * Runs the emulator from the command line. Its entry point is {@link
 * io.github.shortlived.testing.standalone.IamEmulatorMain}; the package uses {@code testing},
 * {@code testing.internal.client} and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.standalone;

import org.jspecify.annotations.NullMarked;
