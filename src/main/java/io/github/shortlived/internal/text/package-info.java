/**
 * Internal: formats text for messages (redaction, shell words, trees, phrases, names of roles and
 * hosts), reads untrusted text ({@code StrictJson}, {@code CelScanner} and {@code JwtPayload}) and
 * checks arguments for null.
 * The package uses no other package of the library.
 */
@NullMarked
package io.github.shortlived.internal.text;

import org.jspecify.annotations.NullMarked;
