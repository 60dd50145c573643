/**
 * Internal: emulates the OAuth 2.0 token endpoint, the Security Token Service and the published
 * keys. Its entry points are {@code TokenEndpoint}, {@code SecurityTokenService} and {@code
 * PublishedKeys}; the package uses {@code internal.http} and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.oauth;

import org.jspecify.annotations.NullMarked;
