package io.github.shortlived.testing;

import java.util.List;
import java.util.Set;

/** The world as a test declares it, before anything happens in it. */
record WorldSpec(
    Set<String> projects,
    Set<AccountEmail> accounts,
    Set<String> disabledAccounts,
    List<Grant> grants,
    List<Vm> instances,
    CustomRoles customRoles,
    Groups groups,
    SignInSpec signIn,
    Knobs.Declared knobs) {
  WorldSpec {
    projects = Set.copyOf(projects);
    accounts = Set.copyOf(accounts);
    disabledAccounts = Set.copyOf(disabledAccounts);
    grants = List.copyOf(grants);
    instances = List.copyOf(instances);
  }
}
