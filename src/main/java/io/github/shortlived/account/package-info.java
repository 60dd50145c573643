/**
 * Creates, lists, disables, deletes and restores service accounts, and waits until a new one is
 * usable. Its entry point is {@link io.github.shortlived.account.ServiceAccounts}; the package uses
 * the facade, {@code internal.client} and the packages below them.
 *
 * <p>It is stable: incompatible changes come only with a new major version.
 */
@NullMarked
package io.github.shortlived.account;

import org.jspecify.annotations.NullMarked;
