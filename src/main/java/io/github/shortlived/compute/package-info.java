/**
 * Compute Engine with a short-lived credential. Needs {@code com.google.cloud:google-cloud-compute}
 * on the class path, which this library does not bring.
 */
@NullMarked
package io.github.shortlived.compute;

import org.jspecify.annotations.NullMarked;
