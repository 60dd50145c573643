package io.github.shortlived.testing;

import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.MetadataNode.Folder;
import io.github.shortlived.testing.MetadataNode.Token;
import io.github.shortlived.testing.MetadataNode.Value;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the metadata server tells at this moment about its machine, project and account. */
final class MetadataTree {
  private final World world;
  private final AttachedTokens tokens;

  MetadataTree(World world) {
    this.world = world;
    this.tokens = new AttachedTokens(world);
  }

  Folder root() {
    Map<String, MetadataNode> root = new LinkedHashMap<>();
    Optional<Vm> machine = projectId().map(this::machine);
    root.put("instance", instance(machine));
    machine.ifPresent(vm -> root.put("project", project(vm.projectId())));
    root.put(
        "universe",
        new Folder(
            ordered(
                Map.entry("universe-domain", Value.of("googleapis.com")),
                Map.entry("universe_domain", Value.of("googleapis.com")))));
    return new Folder(root);
  }

  private Folder instance(Optional<Vm> machine) {
    Map<String, MetadataNode> instance = new LinkedHashMap<>();
    machine.ifPresent(vm -> instance.putAll(about(vm)));
    instance.put("service-accounts", accounts(machine));
    return new Folder(instance);
  }

  private static Map<String, MetadataNode> about(Vm vm) {
    String project = StableIds.projectNumber(vm.projectId());
    return ordered(
        Map.entry("id", new Value(new JsonPrimitive(StableIds.instanceId(vm)))),
        Map.entry("name", Value.of(vm.name())),
        Map.entry("zone", Value.of("projects/" + project + "/zones/" + vm.zone())));
  }

  private static Folder project(String projectId) {
    long number = Long.parseLong(StableIds.projectNumber(projectId));
    return new Folder(
        ordered(
            Map.entry("numeric-project-id", new Value(new JsonPrimitive(number))),
            Map.entry("project-id", Value.of(projectId))));
  }

  private Folder accounts(Optional<Vm> machine) {
    Map<String, MetadataNode> accounts = new LinkedHashMap<>();
    attached()
        .ifPresent(
            account -> {
              Folder shown = account(account, machine);
              accounts.put("default", shown);
              accounts.put(account.email(), shown);
            });
    return new Folder(accounts);
  }

  private Folder account(Account account, Optional<Vm> machine) {
    return new Folder(
        ordered(
            Map.entry("aliases", Value.lines(List.of("default"))),
            Map.entry("email", Value.of(account.email())),
            Map.entry("identity", token(account, call -> tokens.identity(account, machine, call))),
            Map.entry("scopes", Value.lines(List.of(Scopes.CLOUD_PLATFORM))),
            Map.entry("token", token(account, call -> tokens.access(account, call)))));
  }

  /** A disabled account is still attached; how Google refuses its tokens is unverified. */
  private static Token token(Account account, Function<HttpCall, HttpReply> maker) {
    return account.disabled()
        ? new Token(call -> HttpReply.text(403, "The service account is disabled.\n"))
        : new Token(maker);
  }

  private Optional<Account> attached() {
    return world
        .signIn()
        .metadataAccount()
        .flatMap(world.accounts()::find)
        .filter(account -> !world.accounts().isSuccessor(account));
  }

  private Optional<String> projectId() {
    return attached()
        .map(Account::projectId)
        .or(() -> world.projects().stream().sorted().findFirst());
  }

  /** The machine that asks: the first of the project or, where it has none, a made-up one. */
  private Vm machine(String projectId) {
    return world.instances().stream()
        .filter(vm -> vm.projectId().equals(projectId))
        .min(Comparator.comparing(Vm::name))
        .orElseGet(() -> new Vm(projectId, "us-central1-a", "instance-1"));
  }

  @SafeVarargs
  private static Map<String, MetadataNode> ordered(
      Map.Entry<String, ? extends MetadataNode>... all) {
    Map<String, MetadataNode> map = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends MetadataNode> entry : all) {
      map.put(entry.getKey(), entry.getValue());
    }
    return map;
  }
}
