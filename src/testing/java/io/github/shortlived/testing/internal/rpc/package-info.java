/**
 * Internal: serves the methods of an {@code RpcService} over REST and gRPC, by the descriptors of
 * its proto. Its entry points are {@code RestTranscoder} and {@code GrpcServerAdapter}; the package
 * uses {@code internal.http} and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.rpc;

import org.jspecify.annotations.NullMarked;
