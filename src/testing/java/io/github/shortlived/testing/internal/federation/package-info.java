/**
 * Verifies the tokens of external identity providers ({@code TrustedProvider}) and maps their
 * claims to principals. Not part of the API; uses {@code internal.policy} for expressions, {@code
 * internal.account}, {@code internal.error} and {@code internal.key}.
 */
@NullMarked
package io.github.shortlived.testing.internal.federation;

import org.jspecify.annotations.NullMarked;
