/**
 * Internal: runs the HTTP and the gRPC server around the current world. Its entry point is {@code
 * EmulatorServer}; the package uses all emulated services and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.internal.server;

import org.jspecify.annotations.NullMarked;
