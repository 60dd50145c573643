package io.github.shortlived.verify;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver requires of an ID token, besides Google's signature and a time within its
 * validity. Immutable; the methods return a copy.
 *
 * @see <a
 *     href="https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken">
 *     Validating an ID token</a>
 */
public final class IdTokenExpectation {
  private final ImmutableSet<String> audiences;
  private final @Nullable ServiceAccount account;
  private final boolean emailVerified;
  private final @Nullable String authorizedParty;

  private IdTokenExpectation(
      ImmutableSet<String> audiences,
      @Nullable ServiceAccount account,
      boolean emailVerified,
      @Nullable String authorizedParty) {
    this.audiences = audiences;
    this.account = account;
    this.emailVerified = emailVerified;
    this.authorizedParty = authorizedParty;
  }

  /**
   * {@return an expectation of a token for this receiver} The token has exactly one audience.
   *
   * @param audience the receiver's own name, such as the URL of a service or an OAuth client ID
   * @param others more names of the same receiver
   * @throws CredentialException.InvalidRequest if one is blank
   */
  public static IdTokenExpectation of(String audience, String... others) {
    Objects.requireNonNull(audience, "audience");
    ImmutableSet<String> all =
        ImmutableSet.<String>builder()
            .add(audience)
            .addAll(Arguments.copy(others, "others"))
            .build();
    all.forEach(IdTokenExpectation::requireAudience);
    return new IdTokenExpectation(all, null, false, null);
  }

  static void requireAudience(String audience) {
    InternalExceptions.require(
        !audience.isBlank(),
        "audience",
        audience,
        "it must not be blank",
        "pass the audience that senders request their token for");
  }

  /**
   * {@return the same expectation of a token of this service account} By its email address, the
   * token must have that address, verified by Google; by its unique ID, that subject.
   */
  public IdTokenExpectation account(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    return new IdTokenExpectation(audiences, account, emailVerified, authorizedParty);
  }

  /** {@return the same expectation of a token with an email address that Google verified} */
  public IdTokenExpectation emailVerified() {
    return new IdTokenExpectation(audiences, account, true, authorizedParty);
  }

  /**
   * {@return the same expectation of a token with this {@code azp}} It is the OAuth client ID of an
   * application or, for tokens of a service account, its unique ID or email address.
   */
  public IdTokenExpectation authorizedParty(String authorizedParty) {
    Objects.requireNonNull(authorizedParty, "authorizedParty");
    InternalExceptions.require(
        !authorizedParty.isBlank(),
        "authorizedParty",
        authorizedParty,
        "it must not be blank",
        "pass the client ID or account that requests the token");
    return new IdTokenExpectation(audiences, account, emailVerified, authorizedParty);
  }

  Set<String> audiences() {
    return audiences;
  }

  Optional<ServiceAccount> account() {
    return Optional.ofNullable(account);
  }

  boolean requiresVerifiedEmail() {
    return emailVerified || account().filter(ServiceAccount::isEmail).isPresent();
  }

  Optional<String> authorizedParty() {
    return Optional.ofNullable(authorizedParty);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdTokenExpectation that
        && audiences.equals(that.audiences)
        && Objects.equals(account, that.account)
        && emailVerified == that.emailVerified
        && Objects.equals(authorizedParty, that.authorizedParty);
  }

  @Override
  public int hashCode() {
    return Objects.hash(audiences, account, emailVerified, authorizedParty);
  }

  @Override
  public String toString() {
    return SafeText.visible(
        "IdTokenExpectation[audiences=%s, account=%s, emailVerified=%s, authorizedParty=%s]"
            .formatted(audiences, account, emailVerified, authorizedParty));
  }
}
