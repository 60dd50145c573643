/**
 * Creates RSA keys, certificates and signed JWTs. Not part of the API; uses {@code internal.json}.
 */
@NullMarked
package io.github.shortlived.testing.internal.key;

import org.jspecify.annotations.NullMarked;
