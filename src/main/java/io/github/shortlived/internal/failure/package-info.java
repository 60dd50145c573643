/**
 * Reads what the exception of a Google client means. Not part of the API; uses {@code
 * internal.text} only.
 */
@NullMarked
package io.github.shortlived.internal.failure;

import org.jspecify.annotations.NullMarked;
