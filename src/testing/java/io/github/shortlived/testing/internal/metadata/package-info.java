/**
 * Internal: emulates the metadata server of Compute Engine. Its entry point is {@code
 * MetadataServer}; the package uses {@code internal.http} and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.metadata;

import org.jspecify.annotations.NullMarked;
