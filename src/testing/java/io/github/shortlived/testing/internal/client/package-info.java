/**
 * Internal: creates credentials, credentials files and environment variables for clients of the
 * emulator. Its entry points are {@code EmulatorCredentials}, {@code CredentialFiles} and {@code
 * ProcessEnvironment}; the package uses {@code internal.world}, the packages below it and the
 * library's {@code model}.
 */
@NullMarked
package io.github.shortlived.testing.internal.client;

import org.jspecify.annotations.NullMarked;
