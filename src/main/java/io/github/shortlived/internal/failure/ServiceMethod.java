package io.github.shortlived.internal.failure;

/**
 * What was called.
 *
 * @param service the host that was called, such as {@code iamcredentials.googleapis.com}
 * @param method its method by the name in Google's API reference, such as {@code
 *     generateAccessToken}; {@code token} where a source token or a user's is fetched
 */
public record ServiceMethod(String service, String method) {}
