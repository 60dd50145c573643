/**
 * Internal: serves HTTP: {@code HttpServerAdapter} reads requests, and {@code Router} finds their
 * routes. Its entry point is {@code HttpServerAdapter}; the package uses {@code internal.world} and
 * the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.http;

import org.jspecify.annotations.NullMarked;
