package io.github.shortlived.testing.internal.account;

import java.util.regex.Pattern;

/** A Compute Engine instance, with the fields that the emulator serves. */
public record VmInstance(String projectId, String zone, String name) {
  public static final String STATUS = "RUNNING";
  public static final String MACHINE_TYPE = "e2-micro";
  public static final Pattern NAME = Pattern.compile("[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?");

  public VmInstance {
    require(zone, "zone", "us-west1-a");
    require(name, "instance name", "vm-1");
  }

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static void require(String value, String what, String example) {
    if (!isName(value)) {
      throw new IllegalArgumentException(
          "\"%s\" is not a valid %s: use one such as %s".formatted(value, what, example));
    }
  }
}
