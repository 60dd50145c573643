/**
 * Verifies ID tokens, signed JWTs and signed blobs, without source credentials. Its entry point is
 * {@link io.github.shortlived.verify.TokenVerification}; the package uses {@code model}, {@code
 * internal.client} and the optional library nimbus-jose-jwt.
 *
 * <p>It is evolving: a minor version may change it incompatibly.
 */
@NullMarked
package io.github.shortlived.verify;

import org.jspecify.annotations.NullMarked;
