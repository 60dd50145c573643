/**
 * Internal: verifies the tokens of external identity providers, and maps their claims to
 * principals. Its entry point is {@code TrustedProvider}; the package uses {@code internal.policy}
 * for expressions, and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.federation;

import org.jspecify.annotations.NullMarked;
