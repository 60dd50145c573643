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
import java.util.TreeMap;
import java.util.function.Function;

/** The current metadata of the machine, its project and its service account. */
record MetadataTree(World world) {
  Folder root() {
    return Folder.of(Map.of("computeMetadata", Folder.of(Map.of("v1", metadata()))));
  }

  private Folder metadata() {
    Optional<VmInstance> machine = projectId().map(this::machine);
    ImmutableMap.Builder<String, MetadataNode> metadata = ImmutableMap.builder();
    metadata.put("instance", instance(machine));
    machine.ifPresent(vm -> metadata.put("project", project(vm.projectId())));
    Value universe = Value.of("googleapis.com");
    metadata.put(
        "universe",
        Folder.of(ImmutableMap.of("universe-domain", universe, "universe_domain", universe)));
    return Folder.of(metadata.build());
  }

  private Folder instance(Optional<VmInstance> machine) {
    Map<String, MetadataNode> instance = new TreeMap<>();
    machine.ifPresent(vm -> instance.putAll(new InstanceMetadata(vm).nodes()));
    instance.put("service-accounts", accounts(machine));
    return Folder.of(instance);
  }

  private static Folder project(String projectId) {
    long number = Long.parseLong(StableIds.projectNumber(projectId));
    return Folder.of(
        ImmutableMap.of(
            "attributes", Folder.of(Map.of()),
            "numeric-project-id", Value.of(number),
            "project-id", Value.of(projectId)));
  }

  private Folder accounts(Optional<VmInstance> machine) {
    Map<String, MetadataNode> accounts = new TreeMap<>();
    attached()
        .ifPresent(
            attached -> {
              Folder account = account(attached, machine);
              accounts.put("default", account);
              accounts.put(attached.email(), account);
            });
    return Folder.of(accounts);
  }

  private Folder account(Account account, Optional<VmInstance> machine) {
    return Folder.of(
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
        ? new Token(call -> MetadataReply.error(403, "The service account is disabled."))
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
