/**
 * Runs the emulator from the command line. Its entry point is {@link
 * io.github.shortlived.testing.standalone.IamEmulatorMain}; the package uses {@code testing},
 * {@code testing.internal.client} and the packages below them.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived.testing.standalone;

import org.jspecify.annotations.NullMarked;
