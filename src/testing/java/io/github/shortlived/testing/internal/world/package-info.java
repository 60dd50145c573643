/**
 * Holds the declarations of a test, in {@code WorldSpec}, and the state that the emulator creates
 * from them, in {@code World}. Not part of the API; the package uses {@code internal.policy},
 * {@code internal.federation}, {@code internal.token} and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.internal.world;

import org.jspecify.annotations.NullMarked;
