/**
 * Emulates the IAM Service Account Credentials API ({@code IamCredentialsService}) and the IAM API
 * ({@code IamAdminService}). Not part of the API; uses {@code internal.rpc}, {@code internal.world}
 * and the packages below them.
 */
@NullMarked
package io.github.shortlived.testing.internal.iam;

import org.jspecify.annotations.NullMarked;
