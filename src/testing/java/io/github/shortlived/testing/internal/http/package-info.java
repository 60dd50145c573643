/**
 * Serves HTTP: server, router, bodies and errors. Not part of the API; uses {@code
 * internal.control} and {@code internal.error}.
 */
@NullMarked
package io.github.shortlived.testing.internal.http;

import org.jspecify.annotations.NullMarked;
