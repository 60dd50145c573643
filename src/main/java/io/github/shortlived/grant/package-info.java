/**
 * Grants roles on service accounts, revokes them, and waits until a grant takes effect. Its entry
 * point is {@link io.github.shortlived.grant.Grants}; the package uses the facade, {@code
 * internal.policy} and the packages below them. An argument outside its documented limits throws
 * {@link io.github.shortlived.model.CredentialException.InvalidRequest}.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived.grant;

import org.jspecify.annotations.NullMarked;
