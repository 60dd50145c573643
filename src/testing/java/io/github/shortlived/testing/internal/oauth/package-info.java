/**
 * Internal: emulates the OAuth 2.0 token endpoint, the Security Token Service, the published keys
 * and the endpoints that describe and revoke tokens. Its entry points are the classes with {@code
 * routes()}; the package uses {@code internal.http} and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.oauth;

import org.jspecify.annotations.NullMarked;
