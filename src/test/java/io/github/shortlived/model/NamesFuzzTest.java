package io.github.shortlived.model;

import static io.github.shortlived.FuzzedText.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.internal.text.ShellCommand;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creates the names in a request from any text: each is accepted unchanged, or refused. */
class NamesFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void serviceAccount_ofAnyText_hasOneNameOrIsRefused(byte[] input) {
    String name = FuzzedText.of(input);
    accepted(() -> ServiceAccount.of(name)).ifPresent(account -> check(name, account));
  }

  @ParameterizedTest
  @ValueSource(strings = {"compute", "email", "resource-name", "unique-id"})
  void serviceAccount_ofAnAccount_isAccepted(String seed) {
    String method = "serviceAccount_ofAnyText_hasOneNameOrIsRefused";
    String name = FuzzedText.of(FuzzedText.seed(getClass(), method, seed));
    assertThat(accepted(() -> ServiceAccount.of(name))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"account", "domain", "group", "principal", "principal-set", "user"})
  void member_ofAMember_isAccepted(String seed) {
    String id =
        FuzzedText.of(FuzzedText.seed(getClass(), "member_ofAnyText_isThatTextOrRefused", seed));
    assertThat(accepted(() -> Member.of(id))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https", "loopback", "port"})
  void endpoint_ofAnEndpoint_isAccepted(String seed) {
    String method = "endpoint_ofAnyUri_isSecureOrRefusedWithoutItsPassword";
    URI uri = URI.create(FuzzedText.of(FuzzedText.seed(getClass(), method, seed)));
    assertThat(accepted(() -> Endpoints.google().withIam(uri))).isPresent();
  }

  private static void check(String name, ServiceAccount account) {
    assertThat(name).endsWith(account.id());
    assertThat(new ServiceAccount(account.id())).isEqualTo(account).hasToString(account.id());
    assertThat(ServiceAccount.of(account.resourceName())).isEqualTo(account);
    assertThat(ShellCommand.word(account.id())).as("a word of commands").isEqualTo(account.id());
    accepted(() -> Member.of(account))
        .ifPresent(
            member -> assertThat(member).isEqualTo(Member.of("serviceAccount:" + account.id())));
  }

  @FuzzTest(maxDuration = "1m")
  void member_ofAnyText_isThatTextOrRefused(byte[] input) {
    String id = FuzzedText.of(input);
    accepted(() -> Member.of(id))
        .ifPresent(
            member -> {
              assertThat(member).isEqualTo(Member.inPolicy(id)).hasToString(id);
              assertThat(member.isEveryone()).isFalse();
              assertThat(id.codePoints()).noneMatch(NamesFuzzTest::isInvisible);
            });
  }

  private static boolean isInvisible(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || Character.isISOControl(character)
        || Character.getType(character) == Character.FORMAT;
  }

  @FuzzTest(maxDuration = "1m")
  void chain_ofAnyAccounts_isInThatOrderOrRefused(byte[] input) {
    List<Optional<ServiceAccount>> read =
        FuzzedText.lines(input).stream()
            .map(line -> accepted(() -> ServiceAccount.of(line)))
            .toList();
    List<ServiceAccount> accounts = read.stream().flatMap(Optional::stream).toList();
    if (accounts.isEmpty()) {
      return;
    }
    int last = accounts.size() - 1;
    boolean isChain = last > 0 && new LinkedHashSet<>(accounts).size() == accounts.size();
    Optional<DelegationChain> chain =
        accepted(() -> DelegationChain.through(accounts.subList(0, last)).to(accounts.get(last)));
    assertThat(chain.map(DelegationChain::accounts))
        .isEqualTo(isChain ? Optional.of(accounts) : Optional.empty());
  }

  @FuzzTest(maxDuration = "1m")
  void scopes_ofAnyTexts_areThoseOrRefused(byte[] input) {
    List<String> scopes = FuzzedText.lines(input);
    accepted(() -> AccessTokenRequest.of(Target.self(), scopes))
        .ifPresent(
            request -> {
              assertThat(request.scopes()).containsExactlyElementsOf(new LinkedHashSet<>(scopes));
              assertThat(String.join(" ", scopes).split(" ", -1)).hasSameSizeAs(scopes);
            });
  }

  @FuzzTest(maxDuration = "1m")
  void audience_ofAnyText_isThatTextOrRefused(byte[] input) {
    String audience = FuzzedText.of(input);
    Optional<IdTokenRequest> request = accepted(() -> IdTokenRequest.of(Target.self(), audience));
    assertThat(request.map(IdTokenRequest::audience))
        .isEqualTo(Optional.of(audience).filter(text -> !text.isBlank()));
  }

  @FuzzTest(maxDuration = "1m")
  void endpoint_ofAnyUri_isSecureOrRefusedWithoutItsPassword(byte[] input) {
    uri(FuzzedText.of(input).replace("<<password>>", FuzzedText.HIDDEN))
        .flatMap(uri -> accepted(() -> Endpoints.google().withIam(uri)))
        .ifPresent(
            endpoints -> {
              URI iam = endpoints.iam();
              assertThat("http".equals(iam.getScheme()) && !isLoopback(iam.getHost())).isFalse();
              assertThat(iam.getRawSchemeSpecificPart()).isEqualTo("//" + iam.getRawAuthority());
              assertThat(iam.getRawUserInfo()).isNull();
            });
  }

  /** Puts a secret into user info, query and fragment only: a message shows scheme and host. */
  private static Optional<URI> uri(String text) {
    String host = text.replaceFirst("[?#].*", "").replaceFirst("^([^:]*:/*).*@", "$1");
    try {
      return host.contains(FuzzedText.HIDDEN) ? Optional.empty() : Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isLoopback(String host) {
    return List.of("127.0.0.1", "localhost", "[::1]").contains(host);
  }

  @FuzzTest(maxDuration = "1m")
  void universe_ofAnyText_isTheDomainOfEveryEndpointOrRefused(byte[] input) {
    String domain = FuzzedText.of(input);
    accepted(() -> Endpoints.universe(domain))
        .ifPresent(
            endpoints ->
                assertThat(
                        List.of(
                            endpoints.iamCredentials(),
                            endpoints.iamCredentialsGrpc(),
                            endpoints.iam(),
                            endpoints.compute(),
                            endpoints.oauth2(),
                            endpoints.sts()))
                    .allMatch(endpoint -> endpoint.getHost().endsWith("." + domain)));
  }
}
