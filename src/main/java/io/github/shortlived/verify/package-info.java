/**
 * Verifies ID tokens, signed JWTs and signed blobs, without source credentials. Its entry point is
 * {@link io.github.shortlived.verify.TokenVerification}; the package uses {@code model}, {@code
 * internal.client} and the optional library nimbus-jose-jwt.
 */
@NullMarked
package io.github.shortlived.verify;

import org.jspecify.annotations.NullMarked;
