package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmulatorClockTest {
  private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");

  @Test
  void clock_byDefault_isTheSystemClock() {
    try (IamEmulator emulator = IamEmulator.start()) {
      Instant before = Instant.now();
      Instant shown = emulator.clock().instant();
      assertThat(shown).isBetween(before, Instant.now());
    }
  }

  @Test
  void clock_overFixedSource_changesOnlyWhenMoved() {
    try (IamEmulator emulator = fixed()) {
      EmulatorClock clock = emulator.clock();
      assertThat(clock.instant()).isEqualTo(START).isEqualTo(clock.instant());
      clock.advance(Duration.ofMinutes(5));
      assertThat(clock.instant()).isEqualTo(START.plusSeconds(300));
      clock.set(START.minusSeconds(1));
      assertThat(clock.instant()).isEqualTo(START.minusSeconds(1));
    }
  }

  @Test
  void clock_overOwnSource_movesWithItAndWithAdvance() {
    TestClock own = TestClock.startingAt(START.toString());
    try (IamEmulator emulator = Demo.world().clock(own).start()) {
      own.advance(Duration.ofSeconds(10));
      emulator.clock().advance(Duration.ofSeconds(5));
      assertThat(emulator.clock().instant()).isEqualTo(START.plusSeconds(15));
    }
  }

  @Test
  void advance_beyondTheLifetime_expiresTokens() {
    try (IamEmulator emulator = fixed()) {
      Wire admin = Wire.as(emulator, ADMIN);
      emulator.clock().advance(Duration.ofSeconds(3599));
      assertThat(admin.get("/v1/" + name(SA1)).statusCode()).isEqualTo(200);
      emulator.clock().advance(Duration.ofSeconds(1));
      assertThat(admin.get("/v1/" + name(SA1)).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void advance_backwards_isRefused() {
    try (IamEmulator emulator = fixed()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> emulator.clock().advance(Duration.ofSeconds(-1)))
          .withMessageContainingAll("-1 s", "set(Instant)");
    }
  }

  @Test
  void clock_beyondItsRange_isRefusedAndUnchanged() {
    try (IamEmulator emulator = fixed()) {
      for (Instant wrong : List.of(Instant.MAX, Instant.MIN)) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> emulator.clock().set(wrong))
            .withMessageContainingAll(wrong.toString(), "0001-01-01T00:00:00Z to 9000");
      }
      for (long seconds : new long[] {Long.MAX_VALUE, 400_000_000_000L}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> emulator.clock().advance(Duration.ofSeconds(seconds)))
            .withMessageContaining("9000");
      }
      assertThat(emulator.clock().instant()).isEqualTo(START);
    }
  }

  private static IamEmulator fixed() {
    return Demo.world().clock(InstantSource.fixed(START)).start();
  }
}
