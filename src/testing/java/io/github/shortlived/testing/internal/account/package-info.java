/**
 * Holds the service accounts, in {@code Accounts}, and describes principals and resources. Not part
 * of the API; the package uses {@code internal.key}.
 */
@NullMarked
package io.github.shortlived.testing.internal.account;

import org.jspecify.annotations.NullMarked;
