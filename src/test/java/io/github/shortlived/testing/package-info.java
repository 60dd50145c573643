@NullMarked
package io.github.shortlived.testing;

import org.jspecify.annotations.NullMarked;
