/**
 * Issues credentials, with one class for each way to obtain them. Not part of the API. {@code
 * CredentialIssuer} is the entry point. The package uses {@code model}, {@code internal.client} and
 * {@code internal.cache}, whose tokens it loads.
 */
@NullMarked
package io.github.shortlived.internal.issue;

import org.jspecify.annotations.NullMarked;
