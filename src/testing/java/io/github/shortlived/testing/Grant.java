package io.github.shortlived.testing;

/** A role given to a member on a resource before the world begins. */
record Grant(Resource on, String role, String member) {
  Grant {
    if (!Roles.isKnown(role)) {
      throw new IllegalArgumentException(
          "Role \"" + role + "\" is not known to the emulator: give one of its predefined roles");
    }
    if (!PolicyRules.isMember(member)) {
      throw new IllegalArgumentException(
          "\""
              + member
              + "\" is no policy member: give for example user:EMAIL or serviceAccount:EMAIL");
    }
  }
}
