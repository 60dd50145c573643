/**
 * Loads the source credentials: key files, Application Default Credentials, configurations. Not
 * part of the API. {@code SourceCredentialsLoader} is the entry point. The package uses {@code
 * config} and {@code internal.client}.
 */
@NullMarked
package io.github.shortlived.internal.source;

import org.jspecify.annotations.NullMarked;
