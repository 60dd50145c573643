/**
 * Holds the values of the API: targets, requests, credentials, events and exceptions. They make no
 * network calls. The package uses {@code internal.failure} and {@code internal.text}. An argument
 * outside its documented limits throws {@link
 * io.github.shortlived.model.CredentialException.InvalidRequest}.
 */
@NullMarked
package io.github.shortlived.model;

import org.jspecify.annotations.NullMarked;
