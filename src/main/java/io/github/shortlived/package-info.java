/**
 * Issues short-lived Google Cloud credentials. Its entry point is {@link
 * io.github.shortlived.ShortLivedCredentials}; the package uses {@code internal.source}, {@code
 * internal.issue} and the packages below them.
 */
@NullMarked
package io.github.shortlived;

import org.jspecify.annotations.NullMarked;
