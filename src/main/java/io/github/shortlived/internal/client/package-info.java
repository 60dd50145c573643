/**
 * Internal: makes one call to Google, with source credentials, retries, a deadline and the
 * generated clients. Its entry point is {@code ClientContext}; the package uses {@code model} and
 * the packages below it.
 */
@NullMarked
package io.github.shortlived.internal.client;

import org.jspecify.annotations.NullMarked;
