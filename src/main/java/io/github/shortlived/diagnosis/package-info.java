/**
 * Why a credential is not to be had: the source, the service, and each link of the way to the
 * target, looked at one after the other.
 *
 * @see <a href="https://cloud.google.com/iam/docs/troubleshoot-permission-errors">Troubleshoot
 *     permission error messages</a>
 */
@NullMarked
package io.github.shortlived.diagnosis;

import org.jspecify.annotations.NullMarked;
