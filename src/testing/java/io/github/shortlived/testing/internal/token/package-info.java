/**
 * Internal: issues tokens, and verifies the JWTs of service accounts. Its entry points are {@code
 * TokenIssuer} and {@code JwtAssertionVerifier}; the package uses {@code internal.control} and the
 * packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.token;

import org.jspecify.annotations.NullMarked;
