/**
 * Emulates the IAM Service Account Credentials API and the IAM API. Not part of the API; uses the
 * world and {@code internal.rpc}.
 */
@NullMarked
package io.github.shortlived.testing.internal.iam;

import org.jspecify.annotations.NullMarked;
