/** What the other packages share. Not for use outside this library: it may change at any time. */
@NullMarked
package io.github.shortlived.internal;

import org.jspecify.annotations.NullMarked;
