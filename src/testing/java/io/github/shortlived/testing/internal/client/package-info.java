/**
 * Creates credentials, credentials files and environment variables for clients of the emulator, in
 * {@code EmulatorCredentials}, {@code CredentialFiles} and {@code ProcessEnvironment}. Not part of
 * the API; the package uses {@code internal.world}, {@code internal.iam} and the packages below.
 */
@NullMarked
package io.github.shortlived.testing.internal.client;

import org.jspecify.annotations.NullMarked;
