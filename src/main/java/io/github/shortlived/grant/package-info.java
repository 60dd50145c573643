/**
 * Grants between service accounts: the policy edits that let one account issue another's
 * credentials.
 *
 * @see <a href="https://cloud.google.com/iam/docs/create-short-lived-credentials-direct">Create
 *     short-lived credentials for a service account</a>
 */
@NullMarked
package io.github.shortlived.grant;

import org.jspecify.annotations.NullMarked;
