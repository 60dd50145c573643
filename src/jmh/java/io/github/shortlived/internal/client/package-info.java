/** Gives the benchmarks the attempts of the retrier. */
package io.github.shortlived.internal.client;
