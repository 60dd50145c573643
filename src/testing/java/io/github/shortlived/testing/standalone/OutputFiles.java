package io.github.shortlived.testing.standalone;

import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.InternalEmulator;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.client.CredentialFiles;
import io.github.shortlived.testing.internal.world.ShortAccountNames;
import io.github.shortlived.testing.internal.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the files of the standalone emulator, for clients in other processes. */
final class OutputFiles {
  /** Google's longest lifetime of an access token; an hour is short for work in a shell. */
  private static final Duration ADMIN_TOKEN_LIFETIME = Duration.ofHours(12);

  private final IamEmulator emulator;
  private final World world;
  private final Path folder;

  private OutputFiles(IamEmulator emulator, Path folder) {
    this.emulator = emulator;
    this.world = InternalEmulator.world(emulator);
    this.folder = folder;
  }

  /** Writes the script last, after the files that it names. */
  static void write(IamEmulator emulator, Path folder) {
    OutputFiles files = new OutputFiles(emulator, folder.toAbsolutePath().normalize());
    List<Account> accounts = new ShortAccountNames(files.world).all().toList();
    List<Path> keys = accounts.stream().map(files::writeKey).toList();
    files.writeAdc(accounts);
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
    return world.tokens().accessToken(caller, ADMIN_TOKEN_LIFETIME).value();
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
