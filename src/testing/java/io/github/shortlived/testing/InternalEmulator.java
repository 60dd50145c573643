package io.github.shortlived.testing;

import io.github.shortlived.testing.internal.world.World;

/** Hooks for the JUnit extension and the standalone emulator. They are no API. */
public final class InternalEmulator {
  private InternalEmulator() {}

  /** The state that the emulator serves until its next reset. */
  public static World world(IamEmulator emulator) {
    return emulator.world();
  }

  /** Sets the port of the HTTP server; 0, the default, means any free one. */
  public static EmulatorBuilder port(EmulatorBuilder builder, int port) {
    return builder.port(port);
  }
}
