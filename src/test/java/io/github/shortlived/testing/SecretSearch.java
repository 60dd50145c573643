package io.github.shortlived.testing;

import io.github.shortlived.testing.internal.key.SecretRecorder;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Searches texts for the secrets that the emulators of this JVM issue or receive while it is open:
 * access, ID and refresh tokens, assertions, signed JWTs, client secrets and private keys. It finds
 * parts of at least 39 characters. Of a JWT it searches for the signature, because the claims alone
 * give no access.
 */
public final class SecretSearch implements AutoCloseable {
  private static final int PIECE = 20;
  private static final Pattern CANDIDATE = Pattern.compile("[A-Za-z0-9_.+/=-]{" + PIECE + ",}");
  // The first half of a private key file holds the public key.
  private static final int PUBLIC_HALF = 600;

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  private final Consumer<String> listener = secrets::add;

  private SecretSearch() {}

  public static SecretSearch start() {
    SecretSearch search = new SecretSearch();
    SecretRecorder.listen(search.listener);
    return search;
  }

  public int size() {
    return secrets.size();
  }

  /**
   * Returns whether the text contains a part of a secret. It does not return the part, so that no
   * report contains it.
   */
  public boolean findsIn(String text) {
    Set<String> pieces = pieces();
    return CANDIDATE
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .flatMap(SecretSearch::windows)
        .anyMatch(pieces::contains);
  }

  private static Stream<String> windows(String candidate) {
    return IntStream.rangeClosed(0, candidate.length() - PIECE)
        .mapToObj(i -> candidate.substring(i, i + PIECE));
  }

  private Set<String> pieces() {
    Set<String> pieces = new HashSet<>();
    for (String secret : secrets) {
      String line = secret.replace("\n", "");
      for (int i = begin(secret); i + PIECE <= line.length(); i += PIECE) {
        pieces.add(line.substring(i, i + PIECE));
      }
    }
    return pieces;
  }

  private static int begin(String secret) {
    if (secret.startsWith("eyJ")) {
      // The signature; other texts may encode the claims, too.
      return secret.lastIndexOf('.') + 1;
    }
    return secret.contains("PRIVATE KEY") ? PUBLIC_HALF : 0;
  }

  @Override
  public void close() {
    SecretRecorder.stop(listener);
  }
}
