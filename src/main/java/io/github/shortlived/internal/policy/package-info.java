/**
 * Internal: edits allow policies by read-modify-write. Its entry point is {@code PolicyEditor}; the
 * package uses {@code policy}, {@code internal.client} and the packages below them.
 */
@NullMarked
package io.github.shortlived.internal.policy;

import org.jspecify.annotations.NullMarked;
