/**
 * Internal: issues credentials, with one class for each way to obtain them. Its entry point is
 * {@code CredentialIssuer}; the package uses {@code internal.client}, {@code internal.http}, {@code
 * internal.cache}, whose tokens it loads, and the packages below them.
 */
@NullMarked
package io.github.shortlived.internal.issue;

import org.jspecify.annotations.NullMarked;
