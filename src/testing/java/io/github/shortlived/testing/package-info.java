/**
 * An emulator of Google IAM for tests: it holds service accounts and policies in memory, and issues
 * short-lived credentials over Google's REST and gRPC interfaces. {@link
 * io.github.shortlived.testing.IamEmulator} is the entry point; the package uses the public
 * packages of the library and {@code testing.internal}.
 */
@NullMarked
package io.github.shortlived.testing;

import org.jspecify.annotations.NullMarked;
