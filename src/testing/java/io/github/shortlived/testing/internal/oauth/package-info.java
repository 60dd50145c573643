/**
 * Emulates the OAuth 2.0 token endpoint ({@code TokenEndpoint}), the Security Token Service ({@code
 * SecurityTokenService}) and the {@code PublishedKeys}. Not part of the API; uses {@code
 * internal.http}, {@code internal.world} and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.internal.oauth;

import org.jspecify.annotations.NullMarked;
