/**
 * Lists Compute Engine instances with an issued credential. {@link
 * io.github.shortlived.compute.ComputeInstances} is the entry point; it uses the facade, {@code
 * model} and the optional library google-cloud-compute.
 */
@NullMarked
package io.github.shortlived.compute;

import org.jspecify.annotations.NullMarked;
