/**
 * Emulates the metadata server of Compute Engine ({@code MetadataServer}). Not part of the API;
 * uses {@code internal.http}, {@code internal.world} and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.internal.metadata;

import org.jspecify.annotations.NullMarked;
