/**
 * Internal: stores and validates allow policies, and decides on permissions. Its entry points are
 * {@code Policies} and {@code PermissionChecker}; the package uses {@code internal.control} and the
 * packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.policy;

import org.jspecify.annotations.NullMarked;
