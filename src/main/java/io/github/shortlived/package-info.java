/**
 * Issues short-lived Google Cloud credentials. Its entry point is {@link
 * io.github.shortlived.ShortLivedCredentials}; the package uses {@code internal.source}, {@code
 * internal.issue} and the packages below them.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived;

import org.jspecify.annotations.NullMarked;
