/**
 * Internal: holds the service accounts, and describes principals and resources. Its entry point is
 * {@code Accounts}; the package uses {@code internal.key}.
 */
@NullMarked
package io.github.shortlived.testing.internal.account;

import org.jspecify.annotations.NullMarked;
