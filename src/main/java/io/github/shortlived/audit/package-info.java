/**
 * Reports who can issue which credentials of a service account. Its entry point is {@link
 * io.github.shortlived.audit.AccessAudit}; the package uses the facade, {@code internal.policy} and
 * the packages below them.
 */
@NullMarked
package io.github.shortlived.audit;

import org.jspecify.annotations.NullMarked;
