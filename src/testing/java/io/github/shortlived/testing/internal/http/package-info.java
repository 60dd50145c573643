/**
 * Serves HTTP: {@code HttpServerAdapter} reads requests, and {@code Router} finds their routes. Not
 * part of the API; uses {@code internal.world} and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.http;

import org.jspecify.annotations.NullMarked;
