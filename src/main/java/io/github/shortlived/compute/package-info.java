/**
 * Lists Compute Engine instances with an issued credential. Its entry point is {@link
 * io.github.shortlived.compute.ComputeInstances}; the package uses the facade, the packages below
 * it and the optional library google-cloud-compute.
 *
 * <p>It is evolving: a minor version may change it incompatibly.
 */
@NullMarked
package io.github.shortlived.compute;

import org.jspecify.annotations.NullMarked;
