/**
 * Internal: creates the errors with which Google's services respond. Its entry points are {@code
 * GoogleErrors} and {@code OAuthException}; the package uses no other package of the emulator.
 */
@NullMarked
package io.github.shortlived.testing.internal.error;

import org.jspecify.annotations.NullMarked;
