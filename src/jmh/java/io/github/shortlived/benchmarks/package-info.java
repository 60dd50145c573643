/**
 * How fast the emulator and kept tokens are; run by {@code mvn -q -B -Pjmh test-compile
 * exec:exec@jmh}.
 */
package io.github.shortlived.benchmarks;
