/**
 * Creates RSA keys, in {@code KeyRing}, and with them certificates, key files and signed JWTs. Not
 * part of the API; the package uses {@code internal.json}.
 */
@NullMarked
package io.github.shortlived.testing.internal.key;

import org.jspecify.annotations.NullMarked;
