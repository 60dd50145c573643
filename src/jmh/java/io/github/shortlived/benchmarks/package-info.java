/**
 * Benchmarks of the emulator, the cache and the calls, beside the alternatives. {@code mvn -q -B
 * -Pjmh test-compile exec:exec@jmh} runs those with JMH; {@code exec:exec@bench} runs those of
 * {@code SideBySide}, which print counts and waits.
 */
package io.github.shortlived.benchmarks;
