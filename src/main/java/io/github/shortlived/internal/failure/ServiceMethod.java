package io.github.shortlived.internal.failure;

/**
 * A method of a service.
 *
 * @param service the host, such as {@code iamcredentials.googleapis.com}
 * @param method the method, as in Google's API reference, such as {@code generateAccessToken};
 *     {@code token} for a token endpoint
 */
public record ServiceMethod(String service, String method) {}
