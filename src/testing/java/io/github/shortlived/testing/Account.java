package io.github.shortlived.testing;

/** A service account of the world, and the keys that sign for it. */
record Account(
    AccountEmail id,
    String uniqueId,
    String displayName,
    String description,
    KeyRing keys,
    boolean disabled) {

  Account withDisabled(boolean value) {
    return new Account(id, uniqueId, displayName, description, keys, value);
  }

  Account withDisplayName(String value) {
    return new Account(id, uniqueId, value, description, keys, disabled);
  }

  Account withDescription(String value) {
    return new Account(id, uniqueId, displayName, value, keys, disabled);
  }

  String email() {
    return id.email();
  }

  String projectId() {
    return id.projectId();
  }

  Principal principal() {
    return Principal.serviceAccount(email());
  }

  Resource resource() {
    return Resource.account(projectId(), email());
  }
}
