package io.github.shortlived.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request for a user's access token, whose domain delegates that to the target. */
public final class UserTokenRequest extends TokenRequest<AccessToken> {
  private final AccessTokenRequest request;
  private final String user;

  private UserTokenRequest(AccessTokenRequest request, String user) {
    super(request.target(), request.reuse());
    this.request = request;
    this.user = user;
  }

  public static UserTokenRequest of(AccessTokenRequest request, String user) {
    return new UserTokenRequest(request, user);
  }

  public String user() {
    return user;
  }

  /** The same for the account itself. */
  public AccessTokenRequest request() {
    return request;
  }

  /** The token endpoint decides it. */
  @Override
  public Duration lifetime() {
    return AccessTokenRequest.DEFAULT_LIFETIME;
  }

  @Override
  public UserTokenRequest fresh() {
    return new UserTokenRequest(request.fresh(), user);
  }

  @Override
  public UserTokenRequest minimumValidity(Duration atLeast) {
    return new UserTokenRequest(request.minimumValidity(atLeast), user);
  }

  @Override
  public UserTokenRequest cacheKey() {
    return reuse().isAny() ? this : new UserTokenRequest(request.cacheKey(), user);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UserTokenRequest that
        && request.equals(that.request)
        && user.equals(that.user);
  }

  @Override
  public int hashCode() {
    return Objects.hash(request, user);
  }

  @Override
  public String toString() {
    return "UserTokenRequest[target=%s, user=%s, scopes=%s%s]"
        .formatted(target(), user, request.scopes(), reuse().describe());
  }
}
