/**
 * Issues tokens and verifies assertions. Not part of the API; uses {@code internal.account} and
 * {@code internal.key}.
 */
@NullMarked
package io.github.shortlived.testing.internal.token;

import org.jspecify.annotations.NullMarked;
