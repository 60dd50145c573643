/**
 * Runs the HTTP and the gRPC server around the current world. Not part of the API; {@code
 * EmulatorServer} is the entry point, and the package uses all emulated services.
 */
@NullMarked
package io.github.shortlived.testing.internal.server;

import org.jspecify.annotations.NullMarked;
