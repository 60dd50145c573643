/**
 * Emulates the methods of Compute Engine that read instances ({@code ComputeService}). Not part of
 * the API; uses {@code internal.rpc}, {@code internal.world} and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.internal.compute;

import org.jspecify.annotations.NullMarked;
