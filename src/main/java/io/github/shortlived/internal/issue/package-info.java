/**
 * Issues credentials, with one class per way to obtain them. Not part of the API; {@code Issuer} is
 * the entry point; uses {@code model} and {@code internal.client}.
 */
@NullMarked
package io.github.shortlived.internal.issue;

import org.jspecify.annotations.NullMarked;
