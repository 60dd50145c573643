package io.github.shortlived.testing.internal.account;

import java.util.regex.Pattern;

/** A Compute Engine instance, with the fields that the emulator serves. */
public record VmInstance(String projectId, String zone, String name) {
  public static final String STATUS = "RUNNING";
  public static final String MACHINE_TYPE = "e2-micro";
  private static final String NAME = "[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?";

  /** A name, or an id, which has up to 20 digits. */
  public static final Pattern NAME_OR_ID = Pattern.compile(NAME + "|[1-9][0-9]{0,19}");

  public VmInstance {
    requireZone(zone);
    requireName(name);
  }

  /** Returns whether the instance has this name or id. */
  public boolean isCalled(String nameOrId) {
    return name.equals(nameOrId) || Long.toString(StableIds.instanceId(this)).equals(nameOrId);
  }

  public static void requireZone(String zone) {
    require(zone, "zone", "us-west1-a");
  }

  public static void requireName(String name) {
    require(name, "instance name", "vm-1");
  }

  private static void require(String value, String what, String example) {
    if (!value.matches(NAME)) {
      throw new IllegalArgumentException(
          "\"%s\" is not a valid %s: use one such as %s".formatted(value, what, example));
    }
  }
}
