package io.github.shortlived.testing;

import io.github.shortlived.testing.internal.world.World;

/** Hooks for the packages {@code junit} and {@code standalone}. Not part of the API. */
public final class InternalEmulator {
  private InternalEmulator() {}

  /** Returns the state that the emulator serves until its next reset. */
  public static World world(IamEmulator emulator) {
    return emulator.world();
  }

  /** Sets the port of the HTTP server; 0, the default, means any free port. */
  public static EmulatorBuilder port(EmulatorBuilder builder, int port) {
    return builder.port(port);
  }
}
