package io.github.shortlived.testing.internal.metadata;

import com.google.common.base.Splitter;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Issues the tokens of the service account that is attached to a machine. */
final class AttachedAccountTokens {
  private static final Splitter COMMAS = Splitter.on(',').omitEmptyStrings().trimResults();

  private AttachedAccountTokens() {}

  static HttpReply access(World world, Account account, HttpCall call) {
    List<String> scopes =
        call.parameter("scopes")
            .map(COMMAS::splitToList)
            .orElseGet(() -> List.of(OAuthScopes.CLOUD_PLATFORM));
    if (!world.scopes().areValid(scopes)) {
      return MetadataReply.error(400, "Invalid scopes."); // unverified
    }
    Caller caller = new Caller(account.principal(), Set.copyOf(scopes));
    return MetadataReply.json(world.tokens().accessTokenResponse(caller).toString());
  }

  static HttpReply identity(
      World world, Account account, Optional<VmInstance> machine, HttpCall call) {
    return call.parameter("audience")
        .map(audience -> MetadataReply.text(idToken(world, account, machine, audience, call)))
        .orElseGet(() -> MetadataReply.error(400, "non-empty audience parameter required"));
  }

  /** Only the full format contains the account's email and the machine. */
  private static String idToken(
      World world, Account account, Optional<VmInstance> machine, String audience, HttpCall call) {
    boolean full = call.parameter("format").filter("full"::equals).isPresent();
    JsonObject claims = TokenIssuer.idTokenClaims(account, audience, full);
    if (full) {
      boolean licenses = call.isTrue("licenses");
      machine.ifPresent(vm -> claims.add("google", about(vm, licenses)));
    }
    return world.tokens().signIdToken(claims);
  }

  private static JsonObject about(VmInstance vm, boolean licenses) {
    JsonObject machine = new JsonObject();
    machine.addProperty("instance_id", Long.toString(StableIds.instanceId(vm)));
    machine.addProperty("instance_name", vm.name());
    if (licenses) {
      machine.add("license_id", new JsonArray());
    }
    machine.addProperty("project_id", vm.projectId());
    machine.addProperty("project_number", Long.parseLong(StableIds.projectNumber(vm.projectId())));
    machine.addProperty("zone", vm.zone());
    JsonObject google = new JsonObject();
    google.add("compute_engine", machine);
    return google;
  }
}
