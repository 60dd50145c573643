/**
 * Holds what a test controls, and the call log. Not part of the API; uses {@code internal.account}
 * and {@code internal.error}.
 */
@NullMarked
package io.github.shortlived.testing.internal.control;

import org.jspecify.annotations.NullMarked;
