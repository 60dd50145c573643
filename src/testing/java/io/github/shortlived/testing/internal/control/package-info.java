/**
 * Internal: holds the call log and what a test controls while the emulator runs. Its entry points
 * are {@code Controls} and {@code CallRecorder}; the package uses {@code internal.account}, {@code
 * internal.error} and the library's {@code internal.text}.
 */
@NullMarked
package io.github.shortlived.testing.internal.control;

import org.jspecify.annotations.NullMarked;
