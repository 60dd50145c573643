/**
 * Stores policies, checks them and evaluates permissions. Not part of the API; uses {@code
 * internal.account} and {@code internal.error}.
 */
@NullMarked
package io.github.shortlived.testing.internal.policy;

import org.jspecify.annotations.NullMarked;
