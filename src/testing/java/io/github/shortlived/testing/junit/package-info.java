/**
 * Runs the emulator in JUnit tests. Its entry point is {@link
 * io.github.shortlived.testing.junit.IamEmulatorExtension}; the package uses {@code testing},
 * {@code testing.internal.world} and, of the library, the facade and {@code model}.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived.testing.junit;

import org.jspecify.annotations.NullMarked;
