/**
 * Internal: emulates the methods of Compute Engine that read instances. Its entry point is {@code
 * ComputeService}; the package uses {@code internal.rpc} and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.compute;

import org.jspecify.annotations.NullMarked;
