package io.github.shortlived.testing.standalone;

import com.google.gson.JsonObject;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.InternalEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.client.CredentialFiles;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.world.ShortAccountNames;
import io.github.shortlived.testing.internal.world.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes the files of the standalone emulator, for clients in other processes. */
final class OutputFiles {
  /** Google's longest lifetime of an access token; an hour is short for work in a shell. */
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);

  private final IamEmulator emulator;
  private final World world;
  private final Path folder;

  private OutputFiles(IamEmulator emulator, Path folder) {
    this.emulator = emulator;
    this.world = InternalEmulator.world(emulator);
    this.folder = folder;
  }

  /** Writes the script last, after the files that it names. */
  static void write(IamEmulator emulator, CommandLineOptions options) {
    OutputFiles files = new OutputFiles(emulator, options.folder().toAbsolutePath().normalize());
    List<Account> accounts = new ShortAccountNames(files.world).all().toList();
    List<Path> keys = accounts.stream().map(files::writeKey).toList();
    files.writeAdc(accounts);
    options.users().forEach(files::writeUser);
    for (int i = 0; i < options.workloads().size(); i++) {
      files.writeWorkload(
          "workload-" + (i + 1), options.workloads().get(i), options.workloadAccount());
    }
    files.writeScript(keys.stream().findFirst());
  }

  private Path writeKey(Account account) {
    return emulator.clients().writeKeyFile(account.email(), folder);
  }

  private void writeAdc(List<Account> accounts) {
    if (accounts.size() > 1) {
      ServiceAccount target = ServiceAccount.of(accounts.get(1).email());
      emulator.clients().writeAdcFile(accounts.get(0).email(), target, folder);
    }
  }

  private void writeUser(String email) {
    CredentialFiles.write(folder, email + ".json", emulator.userCredentials(email));
    CredentialFiles.write(folder, email + ".token", token(new Principal("user:" + email)));
  }

  private void writeWorkload(String name, Workload workload, Optional<String> account) {
    account.ifPresent(world::requireAccount);
    WorkloadIdentityProvider provider =
        emulator.workloadIdentityProvider(workload.project(), workload.pool(), workload.provider());
    long expiry = emulator.clock().instant().plus(TOKEN_LIFETIME).getEpochSecond();
    Path token =
        CredentialFiles.write(
            folder,
            name + ".jwt",
            provider.subjectToken(workload.subject(), Map.of("exp", expiry)));
    URI server = emulator.httpEndpoint();
    JsonObject file =
        CredentialFiles.externalAccount(provider.audience(), token, account, server, server);
    file.addProperty(
        "token_info_url", server + "/v1/introspect"); // gcloud reads the subject there.
    CredentialFiles.write(folder, name + ".json", Json.pretty(file));
  }

  private void writeScript(Optional<Path> firstKey) {
    EnvironmentScript script =
        new EnvironmentScript(
            emulator.httpEndpoint(),
            folder,
            world.projects().stream().sorted().findFirst(),
            firstKey,
            admin());
    CredentialFiles.write(folder, "env.sh", script.text());
  }

  private Optional<EnvironmentScript.Admin> admin() {
    return owner()
        .map(Principal::new)
        .map(owner -> new EnvironmentScript.Admin(owner.email(), token(owner)));
  }

  private String token(Principal user) {
    Caller caller = new Caller(user, Set.copyOf(OAuthScopes.OF_USERS));
    return world.tokens().accessToken(caller, TOKEN_LIFETIME).value();
  }

  private Optional<String> owner() {
    return world.projects().stream()
        .sorted()
        .flatMap(project -> world.policies().read("projects/" + project).getBindingsList().stream())
        .filter(binding -> binding.getRole().equals("roles/owner"))
        .flatMap(binding -> binding.getMembersList().stream())
        .filter(member -> member.startsWith("user:"))
        .findFirst();
  }
}
