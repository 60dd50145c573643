/**
 * Runs the emulator in JUnit tests. {@link io.github.shortlived.testing.junit.IamEmulatorExtension}
 * is the entry point; the package uses {@code testing} and {@code testing.internal.world}.
 */
@NullMarked
package io.github.shortlived.testing.junit;

import org.jspecify.annotations.NullMarked;
