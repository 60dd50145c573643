/**
 * Issues tokens ({@code TokenIssuer}) and verifies the JWTs of service accounts ({@code
 * JwtAssertionVerifier}). Not part of the API; uses {@code internal.account}, {@code
 * internal.control}, {@code internal.error} and {@code internal.key}.
 */
@NullMarked
package io.github.shortlived.testing.internal.token;

import org.jspecify.annotations.NullMarked;
