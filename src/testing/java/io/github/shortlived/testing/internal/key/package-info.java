/**
 * Internal: creates RSA keys, and with them certificates, key files and signed JWTs. Its entry
 * point is {@code KeyRing}; the package uses {@code internal.json}.
 */
@NullMarked
package io.github.shortlived.testing.internal.key;

import org.jspecify.annotations.NullMarked;
