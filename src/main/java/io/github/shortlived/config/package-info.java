/**
 * Checks a credential configuration from an untrusted source before google-auth opens or calls what
 * it names. Its entry point is {@link io.github.shortlived.config.CredentialConfigPolicy}; the
 * package uses {@code model}, {@code internal.http} and the packages below them. An argument
 * outside its documented limits throws {@link
 * io.github.shortlived.model.CredentialException.InvalidRequest}.
 *
 * <p>It is evolving: a minor version may change it incompatibly.
 */
@NullMarked
package io.github.shortlived.config;

import org.jspecify.annotations.NullMarked;
