/**
 * Reports who can issue which credentials of a service account. {@link
 * io.github.shortlived.audit.AccessAudit} is the entry point; it uses the facade, {@code policy}
 * and {@code model}.
 */
@NullMarked
package io.github.shortlived.audit;

import org.jspecify.annotations.NullMarked;
