/**
 * Makes one call to Google: source credentials, retries, deadline and the generated clients. Not
 * part of the API; uses {@code model}, {@code internal.failure} and {@code internal.text}.
 */
@NullMarked
package io.github.shortlived.internal.client;

import org.jspecify.annotations.NullMarked;
