/**
 * Holds service accounts, principals and resources. Not part of the API; uses {@code internal.key}.
 */
@NullMarked
package io.github.shortlived.testing.internal.account;

import org.jspecify.annotations.NullMarked;
