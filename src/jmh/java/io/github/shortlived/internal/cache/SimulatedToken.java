package io.github.shortlived.internal.cache;

import io.github.shortlived.internal.cache.CachedToken.Scheduled;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.util.concurrent.Executor;

/**
 * A {@link RefreshingToken} that is read all the time: its next read is the first that does
 * something else than return the cached token. Its executor leaves the load to the threads of the
 * process; the load runs when the simulated service has responded.
 */
final class SimulatedToken implements Executor, TokenLoader {
  private static final CredentialException FAILURE = InternalExceptions.unavailable("Simulated");
  private static final int LATENCY = (int) SimulatedService.LATENCY.toMillis();

  private final int number;
  private final SimulatedFleet fleet;
  private final SimulatedProcess process;
  private final RefreshingToken<AccessToken> token;
  private Step step = Step.READ;
  private int usableUntil;
  private Runnable load;
  private int[] attempts;
  private int attempt;
  private int loadBegin;

  private enum Step {
    READ,
    ATTEMPT,
    RESPONSE,
    FAILURE
  }

  SimulatedToken(int number, SimulatedFleet fleet, SimulatedProcess process, int start) {
    this.number = number;
    this.fleet = fleet;
    this.process = process;
    this.usableUntil = start;
    token =
        new RefreshingToken<>(
            SimulatedFleet.REQUEST,
            this,
            this,
            (task, delay) -> () -> {}, // The clock is not set back, so each read sees the expiry.
            fleet.events(),
            fleet::jitter);
    fleet.events().wake(number, start);
  }

  /** Makes the next step. */
  void wake() {
    switch (step) {
      case READ -> read();
      case ATTEMPT -> attempt();
      case RESPONSE, FAILURE -> endLoad();
    }
  }

  private void next(Step following, int time) {
    if (step != following) { // A write costs more than a read.
      step = following;
    }
    fleet.events().wake(number, time);
  }

  private void read() {
    if (token.getIfUsable(0) == null) {
      token.join(0);
    }
  }

  @Override
  public void execute(Runnable task) {
    load = task;
    process.submit(this);
  }

  void beginLoad() {
    attempts = fleet.attempts();
    attempt = 0;
    loadBegin = fleet.events().now();
    next(Step.ATTEMPT, loadBegin);
  }

  /** Makes an attempt, and the following ones that are certain to be refused. */
  private void attempt() {
    int time = fleet.events().now();
    while (!fleet.service().request(time)) {
      if (++attempt == attempts.length) {
        next(Step.FAILURE, time + LATENCY);
        return;
      }
      time = loadBegin + attempts[attempt];
      if (time >= fleet.service().refusesUntil()) {
        next(Step.ATTEMPT, time);
        return;
      }
    }
    next(Step.RESPONSE, time + LATENCY);
  }

  private void endLoad() {
    load.run();
    process.endLoad();
    Scheduled<AccessToken> value = token.entry().value();
    int now = fleet.events().now();
    if (value == null || value.schedule().usableUntil() <= now) {
      next(Step.READ, now);
      return;
    }
    RefreshSchedule schedule = value.schedule();
    if (step == Step.RESPONSE) {
      fleet.arrived(usableUntil);
      usableUntil = (int) schedule.usableUntil();
    }
    long refresh = Math.max(schedule.refreshAt(), schedule.retryAt());
    next(Step.READ, (int) Math.max(now, Math.min(refresh, schedule.usableUntil())));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh) {
    if (step == Step.FAILURE) {
      throw FAILURE;
    }
    return (T) fleet.newToken();
  }
}
