/** Benchmarks of grants, with counters of the calls. */
package io.github.shortlived.grant;
