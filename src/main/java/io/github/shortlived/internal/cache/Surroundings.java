package io.github.shortlived.internal.cache;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * What a {@link RefreshingToken} finds around it.
 *
 * @param clock by which tokens expire
 * @param executor makes the requests
 * @param timer drops tokens whose life has passed although the clock does not say so
 * @param jitter random numbers from 0 to 1
 */
public record Surroundings(
    InstantSource clock, Executor executor, Timer timer, DoubleSupplier jitter) {}
