/**
 * Serves RPC methods over REST and gRPC from their proto descriptors. Not part of the API; uses
 * {@code internal.http} and the world.
 */
@NullMarked
package io.github.shortlived.testing.internal.rpc;

import org.jspecify.annotations.NullMarked;
