/**
 * Holds what a test controls while the emulator runs, and the call log, behind {@code Controls} and
 * {@code CallRecorder}. Not part of the API; the package uses {@code internal.account} and {@code
 * internal.error}.
 */
@NullMarked
package io.github.shortlived.testing.internal.control;

import org.jspecify.annotations.NullMarked;
