/**
 * Reports who can issue which credentials of a service account. Its entry point is {@link
 * io.github.shortlived.audit.AccessAudit}; the package uses the facade, {@code internal.policy} and
 * the packages below them.
 *
 * <p>It is evolving: a minor version may change it incompatibly.
 */
@NullMarked
package io.github.shortlived.audit;

import org.jspecify.annotations.NullMarked;
