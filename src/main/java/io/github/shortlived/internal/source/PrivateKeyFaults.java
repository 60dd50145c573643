package io.github.shortlived.internal.source;

import com.google.common.io.BaseEncoding;
import io.github.shortlived.internal.source.CredentialFault.Rule;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explains the value of {@code private_key}: an RSA key in PEM, in the format PKCS#8. */
final class PrivateKeyFaults {
  /** The lines that google-auth reads. */
  private static final Pattern PEM =
      Pattern.compile(
          "(?:\\A|\\R)-----BEGIN PRIVATE KEY-----\\R([A-Za-z0-9+/=\\r\\n]*+)-----END PRIVATE KEY-----(?:\\R|\\z)");

  private static final List<Rule<String>> TABLE =
      List.of(
          Rule.find(
              "\\\\n",
              "has a private_key that has lost its line breaks: each is a backslash and an n",
              "Replace these two characters by a line break, which JSON writes as one backslash"
                  + " and an n"),
          Rule.find(
              "-----BEGIN (?:RSA|ENCRYPTED) PRIVATE KEY-----",
              "has a private_key in another format than PKCS#8, such as PKCS#1",
              "Convert it with 'openssl pkcs8 -topk8 -nocrypt -in OLD.pem -out NEW.pem'"),
          Rule.find( // openssl cannot read the format of OpenSSH, or make an RSA key of another.
              "-----BEGIN [A-Z0-9 ]+ PRIVATE KEY-----",
              "has a private_key that is not from Google, whose keys are RSA keys in PKCS#8",
              CredentialFault.COPY),
          Rule.find(
              "-----BEGIN (?!PRIVATE KEY-----)",
              "has a certificate or a public key as private_key",
              CredentialFault.COPY),
          Rule.find( // Base64 of the dashes before the first word.
              "\\A\\s*+LS0tLS1CRUdJTi",
              "has a private_key in base64",
              "Decode its value once, for example with 'base64 --decode'"),
          Rule.of(
              pem -> !pem.contains("-----BEGIN PRIVATE KEY-----"),
              "has a private_key without its first line, at which the key begins",
              CredentialFault.COPY),
          Rule.of(
              pem -> !pem.contains("-----END PRIVATE KEY-----"),
              "has a private_key without its end, so a part is missing",
              CredentialFault.COPY),
          Rule.of(
              pem -> !PEM.matcher(pem).find(),
              "has a private_key that has lost its line breaks, or has other characters in it",
              "Copy it again without changing its line breaks; a blank is not one"),
          Rule.of(
              pem -> !isRsaKey(pem),
              "has a damaged private_key, or one that is not an RSA key",
              CredentialFault.COPY
                  + ". If no copy is intact, replace the key with: gcloud iam service-accounts"
                  + " keys create FILE --iam-account=EMAIL"));

  private PrivateKeyFaults() {}

  /** Returns empty for a key that google-auth can read. */
  static Optional<CredentialFault> of(String pem) {
    return CredentialFault.first(TABLE, pem);
  }

  private static boolean isRsaKey(String pem) {
    Matcher lines = PEM.matcher(pem);
    try {
      return lines.find()
          && KeyFactory.getInstance("RSA")
                  .generatePrivate(new PKCS8EncodedKeySpec(decode(lines.group(1))))
                  .getEncoded()
              != null;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] decode(String lines) {
    return BaseEncoding.base64().decode(lines.replaceAll("\\R", ""));
  }
}
