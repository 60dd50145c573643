/**
 * Writes events to a log through SLF4J. Its entry point is {@link
 * io.github.shortlived.logging.CredentialLog}; the package uses {@code model}, {@code
 * internal.text} and the optional library slf4j-api.
 *
 * <p>It is evolving: a minor version may change it incompatibly.
 */
@NullMarked
package io.github.shortlived.logging;

import org.jspecify.annotations.NullMarked;
