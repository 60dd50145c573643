/**
 * Internal: sends HTTP requests for google-http-client, each within one total timeout, and reads
 * each response whole. Its entry points are {@code DefaultTransport}, the transport that is used
 * unless another is set, and {@code BoundedTransport}, which bounds any other; the package uses
 * {@code internal.text}.
 */
@NullMarked
package io.github.shortlived.internal.http;

import org.jspecify.annotations.NullMarked;
