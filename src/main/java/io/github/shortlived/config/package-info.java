/**
 * Checks a credential configuration from an untrusted source before anything that it names is
 * opened or called. {@link io.github.shortlived.config.CredentialConfigPolicy} is the entry point;
 * it uses {@code model} and the internal packages below it.
 */
@NullMarked
package io.github.shortlived.config;

import org.jspecify.annotations.NullMarked;
