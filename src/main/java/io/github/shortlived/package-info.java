/**
 * Issues short-lived Google Cloud credentials. {@link io.github.shortlived.ShortLivedCredentials}
 * is the entry point; it uses the values in {@code model} and {@code config}, and the internal
 * packages.
 */
@NullMarked
package io.github.shortlived;

import org.jspecify.annotations.NullMarked;
