/**
 * Internal: emulates the IAM Service Account Credentials API and the IAM API. Its entry points are
 * {@code IamCredentialsService} and {@code IamAdminService}; the package uses {@code internal.rpc}
 * and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.iam;

import org.jspecify.annotations.NullMarked;
