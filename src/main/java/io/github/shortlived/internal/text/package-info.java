/**
 * Text for messages: redaction, shell words, trees, phrases, names of roles and hosts. Not part of
 * the API; uses no other package of this library.
 */
@NullMarked
package io.github.shortlived.internal.text;

import org.jspecify.annotations.NullMarked;
