/**
 * The values of the API: targets, requests, credentials, events and exceptions. They make no
 * network calls, and use {@code internal.failure} and {@code internal.text} only.
 */
@NullMarked
package io.github.shortlived.model;

import org.jspecify.annotations.NullMarked;
