/**
 * Edits allow policies by read-modify-write. Not part of the API. {@code PolicyEditor} is the entry
 * point; it uses {@code policy}, {@code model} and {@code internal.client}.
 */
@NullMarked
package io.github.shortlived.internal.policy;

import org.jspecify.annotations.NullMarked;
