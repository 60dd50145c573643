/** Sample programs, one task each. */
@NullMarked
package io.github.shortlived.samples;

import org.jspecify.annotations.NullMarked;
