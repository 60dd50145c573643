/**
 * Checks a credential configuration from an untrusted source before google-auth opens or calls what
 * it names. {@link io.github.shortlived.config.CredentialConfigPolicy} is the entry point. The
 * package uses {@code model} and the internal packages below it.
 */
@NullMarked
package io.github.shortlived.config;

import org.jspecify.annotations.NullMarked;
