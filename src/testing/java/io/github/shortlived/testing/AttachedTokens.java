package io.github.shortlived.testing;

import com.google.common.base.Splitter;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tokens that a metadata server makes for the account of its machine. */
final class AttachedTokens {
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Splitter COMMAS = Splitter.on(',').omitEmptyStrings().trimResults();

  private final World world;

  AttachedTokens(World world) {
    this.world = world;
  }

  HttpReply access(Account account, HttpCall call) {
    List<String> scopes =
        call.parameter("scopes")
            .map(COMMAS::splitToList)
            .orElseGet(() -> List.of(Scopes.CLOUD_PLATFORM));
    if (!Scopes.areValid(scopes)) {
      return HttpReply.text(400, "Invalid scopes.\n"); // unverified
    }
    Caller holder = new Caller(account.principal(), Set.copyOf(scopes));
    JsonObject answer = new JsonObject();
    answer.addProperty("access_token", world.mint().accessToken(holder, LIFETIME).value());
    answer.addProperty("expires_in", LIFETIME.toSeconds() - 1);
    answer.addProperty("token_type", "Bearer");
    return HttpReply.json(200, answer);
  }

  HttpReply identity(Account account, Optional<Vm> machine, HttpCall call) {
    return call.parameter("audience")
        .map(audience -> HttpReply.text(200, idToken(account, machine, audience, call)))
        .orElseGet(() -> HttpReply.text(400, "non-empty audience parameter required\n"));
  }

  /** Only the full format tells the account's email and the machine. */
  private String idToken(Account account, Optional<Vm> machine, String audience, HttpCall call) {
    boolean full = call.parameter("format").filter("full"::equals).isPresent();
    JsonObject claims = TokenMint.idTokenClaims(account, audience, full);
    if (full) {
      boolean licenses = call.parameter("licenses").filter("TRUE"::equalsIgnoreCase).isPresent();
      machine.ifPresent(vm -> claims.add("google", about(vm, licenses)));
    }
    return world.mint().signed(claims);
  }

  private static JsonObject about(Vm vm, boolean licenses) {
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
