/**
 * The values of the API: targets, requests, credentials, events and exceptions. They make no
 * network calls and use no other package of the API.
 */
@NullMarked
package io.github.shortlived.model;

import org.jspecify.annotations.NullMarked;
