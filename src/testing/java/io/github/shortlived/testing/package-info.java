/**
 * An embedded Google IAM for tests: service accounts, policies and short-lived credentials in
 * memory, served over the very REST and gRPC interfaces of Google, and refused where Google
 * refuses. {@link io.github.shortlived.testing.IamEmulator} is the door.
 */
@NullMarked
package io.github.shortlived.testing;

import org.jspecify.annotations.NullMarked;
