package io.github.shortlived.testing;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.control.DisabledApis;
import io.github.shortlived.testing.internal.control.Quotas;
import io.github.shortlived.testing.internal.world.World;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What Google or an administrator would change around a running application: how fast policies take
 * effect, organization policy, enabled APIs, keys and quotas.
 *
 * <p>Each change counts for the calls that come after it, until {@link IamEmulator#reset}. Safe for
 * concurrent use.
 */
public final class EmulatorControls {
  /** Methods that share one quota. */
  public enum QuotaGroup {
    /** generateAccessToken and generateIdToken. */
    GENERATE(Quotas.Group.GENERATE),
    /** signBlob and signJwt. */
    SIGN(Quotas.Group.SIGN),
    /** The IAM API's methods that only read. */
    IAM_READ(Quotas.Group.IAM_READ),
    /** The IAM API's methods that change something. */
    IAM_WRITE(Quotas.Group.IAM_WRITE);

    private final Quotas.Group internal;

    QuotaGroup(Quotas.Group internal) {
      this.internal = internal;
    }
  }

  private static final Duration LONGEST_DELAY = Duration.ofDays(365);

  private final Supplier<World> world;

  EmulatorControls(Supplier<World> world) {
    this.world = world;
  }

  /**
   * Lets policy changes from now on take effect later, as on Google: they are read back at once,
   * and decide only after the delay. That holds for grants and revocations alike; changes already
   * made keep the delay they were made with. There is none unless set.
   *
   * @param delay zero to 365 days, by the emulator's clock
   * @throws IllegalArgumentException if it is out of that range
   */
  public void propagationDelay(Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException(delay + " is out of range: give zero to 365 days");
    }
    world.get().policies().delay(delay);
  }

  /**
   * Allows access tokens of up to 12 hours for an account, as the organization policy constraint
   * {@code iam.allowServiceAccountCredentialLifetimeExtension} does; 1 hour is the limit otherwise.
   *
   * @param accountEmail an account of this world
   * @throws IllegalArgumentException if there is no such account
   */
  public void allowLifetimeExtension(String accountEmail) {
    world.get().controls().longLifetimes().add(account(accountEmail).email());
  }

  /**
   * Takes {@link #allowLifetimeExtension} back.
   *
   * @param accountEmail an account of this world
   * @throws IllegalArgumentException if there is no such account
   */
  public void forbidLifetimeExtension(String accountEmail) {
    world.get().controls().longLifetimes().remove(account(accountEmail).email());
  }

  /**
   * Disables an API in a project: calls counted on the project are refused with {@code
   * SERVICE_DISABLED}. A service account's calls count on its own project, a user's on that of the
   * resource.
   *
   * @param projectId a project of this world
   * @param service {@code iamcredentials.googleapis.com}, {@code iam.googleapis.com} or {@code
   *     compute.googleapis.com}
   * @throws IllegalArgumentException if there is no such project or API
   */
  public void disableApi(String projectId, String service) {
    world.get().controls().apis().disable(api(projectId, service));
  }

  /**
   * Enables an API in a project, as all are unless disabled.
   *
   * @param projectId a project of this world
   * @param service as for {@link #disableApi}
   * @throws IllegalArgumentException if there is no such project or API
   */
  public void enableApi(String projectId, String service) {
    world.get().controls().apis().enable(api(projectId, service));
  }

  /**
   * Lets Google sign for an account with a new key from now on; the keys before it stay published.
   * May make an RSA key, which takes a fraction of a second.
   *
   * @param accountEmail an account of this world
   * @throws IllegalArgumentException if there is no such account
   */
  public void rotateKeys(String accountEmail) {
    account(accountEmail).keys().rotate();
  }

  /**
   * Lets Google sign ID tokens with a new key from now on; the keys before it stay published. May
   * make an RSA key, which takes a fraction of a second.
   */
  public void rotateGoogleKeys() {
    world.get().googleKeys().rotate();
  }

  /**
   * Limits the calls of a group of methods: those beyond it are refused with {@code
   * RATE_LIMIT_EXCEEDED} until the minute is over. Calls count on projects as with {@link
   * #disableApi}; there is no limit unless set. Setting one begins a new minute.
   *
   * @param projectId a project of this world
   * @param group the methods
   * @param callsPerMinute zero or more, in a minute of the emulator's clock
   * @throws IllegalArgumentException if there is no such project, or the number is negative
   */
  public void quota(String projectId, QuotaGroup group, int callsPerMinute) {
    if (callsPerMinute < 0) {
      throw new IllegalArgumentException(
          callsPerMinute + " calls a minute are negative: give zero or more");
    }
    Quotas quotas = world.get().controls().quotas();
    quotas.limit(
        project(projectId), Objects.requireNonNull(group, "group").internal, callsPerMinute);
  }

  private DisabledApis.Disabled api(String projectId, String service) {
    return new DisabledApis.Disabled(project(projectId), service);
  }

  private String project(String projectId) {
    return world.get().requireProject(projectId);
  }

  private Account account(String email) {
    return world.get().requireAccount(email);
  }
}
