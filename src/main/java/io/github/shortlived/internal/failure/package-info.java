/**
 * Internal: reads what the exception of a Google client means. Its result is a {@code
 * ServiceFailure}; the package uses {@code internal.text}.
 */
@NullMarked
package io.github.shortlived.internal.failure;

import org.jspecify.annotations.NullMarked;
