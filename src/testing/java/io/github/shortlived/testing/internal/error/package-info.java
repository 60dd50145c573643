/**
 * Creates the errors with which Google's services respond, in {@code GoogleErrors} and {@code
 * OAuthException}. Not part of the API; the package uses no other package of the emulator.
 */
@NullMarked
package io.github.shortlived.testing.internal.error;

import org.jspecify.annotations.NullMarked;
