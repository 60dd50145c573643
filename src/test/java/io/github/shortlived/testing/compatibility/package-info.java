/**
 * Runs Google's clients of several languages, unmodified, against the emulator, and compares what
 * they did with the page of compatibility.
 */
@NullMarked
package io.github.shortlived.testing.compatibility;

import org.jspecify.annotations.NullMarked;
