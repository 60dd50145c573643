/**
 * Internal: loads the source credentials from key files, Application Default Credentials or
 * configurations. Its entry point is {@code SourceCredentialsLoader}; the package uses {@code
 * config} and the packages below it.
 */
@NullMarked
package io.github.shortlived.internal.source;

import org.jspecify.annotations.NullMarked;
