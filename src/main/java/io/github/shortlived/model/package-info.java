/**
 * Holds the values of the API: targets, requests, credentials, events and exceptions. They make no
 * network calls. The package uses {@code internal.failure} and {@code internal.text}. An argument
 * outside its documented limits throws {@link
 * io.github.shortlived.model.CredentialException.InvalidRequest}.
 *
 * <p>{@code AccessToken}, {@code IdToken} and {@code JwtClaims} are also names of google-auth, and
 * {@code ServiceAccount}, {@code SignBlobRequest} and {@code SignJwtRequest} of Google's IAM
 * clients. In a file that uses both, import the classes of this package one by one: with a wildcard
 * import of each package, such a name is ambiguous and does not compile.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived.model;

import org.jspecify.annotations.NullMarked;
