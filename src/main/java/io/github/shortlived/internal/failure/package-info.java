/**
 * Reads what the exception of a Google client means; not part of the API. {@code ServiceFailure} is
 * the result; the package uses {@code internal.text} only.
 */
@NullMarked
package io.github.shortlived.internal.failure;

import org.jspecify.annotations.NullMarked;
