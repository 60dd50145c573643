/**
 * Internal: emulates the IAM Service Account Credentials API, the IAM API and Resource Manager. Its
 * entry points are its services, such as {@code IamAdminService}; the package uses {@code
 * internal.rpc} and the packages below it.
 */
@NullMarked
package io.github.shortlived.testing.internal.iam;

import org.jspecify.annotations.NullMarked;
