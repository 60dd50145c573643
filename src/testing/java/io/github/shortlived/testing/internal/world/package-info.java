/**
 * Internal: holds the declarations of a test, in {@code WorldSpec}, and the state that the emulator
 * creates from them. Its entry point is {@code World}; the package uses {@code
 * internal.federation}, {@code internal.token} and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.internal.world;

import org.jspecify.annotations.NullMarked;
