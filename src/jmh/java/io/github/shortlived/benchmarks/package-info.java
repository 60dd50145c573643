/**
 * How fast the emulator, the cache and the calls are, beside what one would use instead. JMH's are
 * run by {@code mvn -q -B -Pjmh test-compile exec:exec@jmh}, those of {@code SideBySide}, which are
 * told in counts and waits, by {@code exec:exec@bench}.
 */
package io.github.shortlived.benchmarks;
