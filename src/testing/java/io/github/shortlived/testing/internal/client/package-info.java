/**
 * Creates credentials and credential files for clients of the emulator. Not part of the API; uses
 * the world and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.client;

import org.jspecify.annotations.NullMarked;
