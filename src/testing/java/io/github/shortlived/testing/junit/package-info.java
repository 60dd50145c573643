/**
 * Runs the emulator in JUnit tests. {@link io.github.shortlived.testing.junit.IamEmulatorExtension}
 * is the entry point; it uses the public classes of {@code testing}.
 */
@NullMarked
package io.github.shortlived.testing.junit;

import org.jspecify.annotations.NullMarked;
