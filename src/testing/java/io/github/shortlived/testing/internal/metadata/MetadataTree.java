package io.github.shortlived.testing.internal.metadata;

import com.google.common.collect.ImmutableMap;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Folder;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Token;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Value;
import io.github.shortlived.testing.internal.world.World;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The current metadata of the machine, its project and its service account. */
record MetadataTree(World world) {
  Folder root() {
    Optional<VmInstance> machine = projectId().map(this::machine);
    ImmutableMap.Builder<String, MetadataNode> root = ImmutableMap.builder();
    root.put("instance", instance(machine));
    machine.ifPresent(vm -> root.put("project", project(vm.projectId())));
    Value universe = Value.of("googleapis.com");
    root.put(
        "universe",
        new Folder(ImmutableMap.of("universe-domain", universe, "universe_domain", universe)));
    return new Folder(root.build());
  }

  private Folder instance(Optional<VmInstance> machine) {
    ImmutableMap.Builder<String, MetadataNode> instance = ImmutableMap.builder();
    machine.ifPresent(vm -> instance.putAll(about(vm)));
    instance.put("service-accounts", accounts(machine));
    return new Folder(instance.build());
  }

  private static Map<String, MetadataNode> about(VmInstance vm) {
    String project = StableIds.projectNumber(vm.projectId());
    return ImmutableMap.of(
        "id", Value.of(StableIds.instanceId(vm)),
        "name", Value.of(vm.name()),
        "zone", Value.of("projects/" + project + "/zones/" + vm.zone()));
  }

  private static Folder project(String projectId) {
    long number = Long.parseLong(StableIds.projectNumber(projectId));
    return new Folder(
        ImmutableMap.of("numeric-project-id", Value.of(number), "project-id", Value.of(projectId)));
  }

  private Folder accounts(Optional<VmInstance> machine) {
    Optional<Account> attached = attached();
    if (attached.isEmpty()) {
      return new Folder(ImmutableMap.of());
    }
    Folder account = account(attached.get(), machine);
    return new Folder(ImmutableMap.of("default", account, attached.get().email(), account));
  }

  private Folder account(Account account, Optional<VmInstance> machine) {
    return new Folder(
        ImmutableMap.of(
            "aliases",
            Value.of(List.of("default")),
            "email",
            Value.of(account.email()),
            "identity",
            token(account, call -> AttachedAccountTokens.identity(world, account, machine, call)),
            "scopes",
            Value.of(List.of(OAuthScopes.CLOUD_PLATFORM)),
            "token",
            token(account, call -> AttachedAccountTokens.access(world, account, call))));
  }

  /** Refuses the tokens of a disabled account, which stays attached (unverified). */
  private static Token token(Account account, Function<HttpCall, HttpReply> issuer) {
    return account.disabled()
        ? new Token(call -> HttpReply.text(403, "The service account is disabled.\n"))
        : new Token(issuer);
  }

  private Optional<Account> attached() {
    return world
        .identityProviders()
        .metadataAccount()
        .flatMap(world.accounts()::find)
        .filter(account -> !world.accounts().isSuccessor(account));
  }

  private Optional<String> projectId() {
    return attached()
        .map(Account::projectId)
        .or(() -> world.projects().stream().sorted().findFirst());
  }

  /** Returns the first machine of the project, or a default one if the project has none. */
  private VmInstance machine(String projectId) {
    return world.instances().stream()
        .filter(vm -> vm.projectId().equals(projectId))
        .min(Comparator.comparing(VmInstance::name))
        .orElseGet(() -> new VmInstance(projectId, "us-central1-a", "instance-1"));
  }
}
