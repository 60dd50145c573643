/**
 * Internal: reads what the exception of a Google client means, checks the fields of its responses,
 * and explains a class path that does not match. Its result is a {@code ServiceFailure}; the
 * package uses {@code internal.text}.
 */
@NullMarked
package io.github.shortlived.internal.failure;

import org.jspecify.annotations.NullMarked;
