/**
 * Edits allow policies by read-modify-write; not part of the API. {@code PolicyEditor} is the entry
 * point; it uses {@code policy}, {@code internal.client} and the packages below them.
 */
@NullMarked
package io.github.shortlived.internal.policy;

import org.jspecify.annotations.NullMarked;
