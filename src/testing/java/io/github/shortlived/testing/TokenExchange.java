package io.github.shortlived.testing;

import com.google.common.base.Splitter;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Security Token Service: a token of an outside identity provider becomes one of Google's, and
 * one of Google's becomes a copy with an access boundary. The texts of its refusals are unverified.
 *
 * <p>A boundary names all that its token may do, and it can name Cloud Storage's resources alone,
 * which are not emulated: here such a token may do nothing.
 */
final class TokenExchange {
  private static final String TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";
  private static final String ACCESS_TOKEN = TOKEN_TYPE + "access_token";
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Splitter SPACES = Splitter.on(' ').omitEmptyStrings();

  private final World world;
  private final SubjectTokens subjectTokens;

  TokenExchange(World world) {
    this.world = world;
    this.subjectTokens = new SubjectTokens(world.clock(), world.signIn().attributes());
  }

  Stream<HttpRoute> routes() {
    return Stream.of(HttpRoute.of("POST", "/v1/token", (call, none) -> serve(call)));
  }

  private HttpReply serve(HttpCall call) {
    try {
      return HttpReply.json(200, exchanged(ExchangeForm.of(call)));
    } catch (OAuthRefusal refusal) {
      return refusal.reply();
    }
  }

  private JsonObject exchanged(OAuthForm form) {
    String grantType = form.required("grant_type");
    if (!grantType.equals(TYPE)) {
      throw OAuthRefusal.unsupportedGrantType(grantType);
    }
    if (!form.optional("requested_token_type").orElse(ACCESS_TOKEN).equals(ACCESS_TOKEN)) {
      throw OAuthRefusal.invalidRequest("requested_token_type must be " + ACCESS_TOKEN);
    }
    return answer(form);
  }

  private JsonObject answer(OAuthForm form) {
    String type = form.required("subject_token_type");
    return switch (type) {
      case SubjectTokens.JWT, TOKEN_TYPE + "id_token" -> federated(form);
      case ACCESS_TOKEN -> bounded(form);
      default ->
          throw OAuthRefusal.invalidRequest(
              "subject_token_type " + type + " is not emulated: exchange a JWT or an ID token");
    };
  }

  private JsonObject federated(OAuthForm form) {
    WorkloadIdentityProvider provider = provider(form.required("audience"));
    Principal workload = subjectTokens.verify(form.required("subject_token"), provider);
    CallNotes.caller(workload);
    List<String> scopes = SPACES.splitToList(form.required("scope"));
    if (!Scopes.areValid(scopes)) {
      throw OAuthRefusal.invalidScope();
    }
    IssuedToken token =
        world.mint().accessToken(new Caller(workload, Set.copyOf(scopes)), LIFETIME);
    JsonObject answer = answer(token);
    answer.addProperty("expires_in", LIFETIME.toSeconds() - 1);
    return answer;
  }

  private WorkloadIdentityProvider provider(String audience) {
    return world.signIn().providers().stream()
        .filter(provider -> provider.audience().equals(audience))
        .findFirst()
        .orElseThrow(
            () ->
                OAuthRefusal.invalidTarget(
                    "The target service indicated by the \"audience\" parameters is invalid. This"
                        + " might either be because the pool or provider is disabled or deleted or"
                        + " because it doesn't exist."));
  }

  /** Says no expiry: the copy ends when its original does. */
  private JsonObject bounded(OAuthForm form) {
    AccessBoundary.require(form.required("options"));
    IssuedToken original =
        world
            .mint()
            .find(form.required("subject_token"))
            .filter(token -> world.accounts().mayCall(token.caller().principal()))
            .orElseThrow(() -> OAuthRefusal.invalidGrant("The subject token is not valid."));
    CallNotes.caller(original.caller().principal());
    Duration rest = Duration.between(world.clock().instant(), original.expiry());
    return answer(world.mint().accessToken(original.caller().bounded(), rest));
  }

  private static JsonObject answer(IssuedToken token) {
    JsonObject answer = new JsonObject();
    answer.addProperty("access_token", token.value());
    answer.addProperty("issued_token_type", ACCESS_TOKEN);
    answer.addProperty("token_type", "Bearer");
    return answer;
  }
}
