/**
 * Serves the methods of an {@code RpcService} over REST and gRPC, by the descriptors of its proto.
 * Not part of the API; uses {@code internal.http}, {@code internal.world} and the packages below
 * them.
 */
@NullMarked
package io.github.shortlived.testing.internal.rpc;

import org.jspecify.annotations.NullMarked;
