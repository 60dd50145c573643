/**
 * Grants roles on service accounts, revokes them, and waits until a grant takes effect. {@link
 * io.github.shortlived.grant.Grants} is the entry point; it uses the facade, {@code policy} and
 * {@code model}. An argument outside its documented limits throws {@link
 * io.github.shortlived.model.CredentialException.InvalidRequest}.
 */
@NullMarked
package io.github.shortlived.grant;

import org.jspecify.annotations.NullMarked;
