/**
 * Emulates Google IAM for tests: it holds service accounts and policies in memory, and issues
 * short-lived credentials over Google's REST and gRPC interfaces. Its entry point is {@link
 * io.github.shortlived.testing.IamEmulator}; the package uses {@code testing.internal} and, of the
 * library, the facade, {@code model}, {@code verify} and {@code internal.text}. Signatures name no
 * internal type.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived.testing;

import org.jspecify.annotations.NullMarked;
