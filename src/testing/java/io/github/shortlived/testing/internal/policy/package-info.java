/**
 * Stores and validates allow policies ({@code Policies}) and decides on permissions ({@code
 * PermissionChecker}). Not part of the API; uses {@code internal.account}, {@code internal.control}
 * and {@code internal.error}.
 */
@NullMarked
package io.github.shortlived.testing.internal.policy;

import org.jspecify.annotations.NullMarked;
