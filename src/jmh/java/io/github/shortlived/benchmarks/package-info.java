/** How fast the emulator is; run by {@code mvn -q -B -Pjmh test-compile exec:exec@jmh}. */
package io.github.shortlived.benchmarks;
