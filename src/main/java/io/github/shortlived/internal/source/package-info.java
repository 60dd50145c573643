/**
 * Loads the source credentials: key files, Application Default Credentials, configurations; not
 * part of the API. {@code SourceCredentialsLoader} is the entry point; it uses {@code config},
 * {@code internal.client} and the packages below them.
 */
@NullMarked
package io.github.shortlived.internal.source;

import org.jspecify.annotations.NullMarked;
