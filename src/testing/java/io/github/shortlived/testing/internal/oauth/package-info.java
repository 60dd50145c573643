/**
 * Emulates the OAuth 2.0 token endpoint, the Security Token Service and the published keys. Not
 * part of the API; uses the world and {@code internal.http}.
 */
@NullMarked
package io.github.shortlived.testing.internal.oauth;

import org.jspecify.annotations.NullMarked;
