/**
 * Checks a credential configuration from an untrusted source before google-auth opens or calls what
 * it names. {@link io.github.shortlived.config.CredentialConfigPolicy} is the entry point; it uses
 * {@code model}. An argument outside its documented limits throws {@link
 * io.github.shortlived.model.CredentialException.InvalidRequest}.
 */
@NullMarked
package io.github.shortlived.config;

import org.jspecify.annotations.NullMarked;
