/**
 * Every short-lived Google Cloud credential in one call. Start with {@link
 * io.github.shortlived.ShortLivedCredentials}.
 *
 * <p>Nothing in this package accepts or returns null.
 */
@NullMarked
package io.github.shortlived;

import org.jspecify.annotations.NullMarked;
