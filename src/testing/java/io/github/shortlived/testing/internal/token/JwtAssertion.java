package io.github.shortlived.testing.internal.token;

import com.google.api.client.json.webtoken.JsonWebToken;
import com.google.common.base.Splitter;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.key.Jwts;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A verified JWT that a service account of the world signed. */
public record JwtAssertion(Account account, JsonWebToken.Payload claims) {
  private static final Splitter SPACES = Splitter.on(' ').omitEmptyStrings().trimResults();

  public List<String> audience() {
    return Jwts.audiences(claims);
  }

  public List<String> scopes() {
    return SPACES.splitToList(text("scope").orElse(""));
  }

  public Optional<String> targetAudience() {
    return text("target_audience");
  }

  /**
   * Returns the user whom the account impersonates by domain-wide delegation. {@code prn} is the
   * old name of {@code sub}, which Go's library also sends; that Google still reads it is
   * unverified.
   */
  public Optional<String> user() {
    return Optional.ofNullable(claims.getSubject())
        .or(() -> text("prn"))
        .filter(subject -> !subject.equals(account.email()));
  }

  private Optional<String> text(String claim) {
    @Nullable Object value = claims.get(claim);
    return value instanceof String string && !string.isBlank()
        ? Optional.of(string)
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "JwtAssertion[" + account.email() + "]";
  }
}
