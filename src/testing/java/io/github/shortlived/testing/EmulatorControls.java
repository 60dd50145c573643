package io.github.shortlived.testing;

import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.control.DisabledApis;
import io.github.shortlived.testing.internal.control.Quotas;
import io.github.shortlived.testing.internal.world.World;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Settings that Google or an administrator may change while an application runs: the propagation
 * delays of policies and accounts, organization policy, enabled APIs, keys and quotas.
 *
 * <p>A change applies to later calls, until {@link IamEmulator#reset}. The methods throw {@link
 * IllegalArgumentException} if the account or the project does not exist. Safe for concurrent use.
 */
public final class EmulatorControls {
  /** A group of methods that share a quota. */
  public enum QuotaGroup {
    /** generateAccessToken and generateIdToken. */
    GENERATE,
    /** signBlob and signJwt. */
    SIGN,
    /** The read methods of the IAM API. */
    IAM_READ,
    /** The write methods of the IAM API. */
    IAM_WRITE
  }

  private static final Duration LONGEST_DELAY = Duration.ofDays(365);

  private final Supplier<World> world;

  EmulatorControls(Supplier<World> world) {
    this.world = world;
  }

  /**
   * Delays the effect of later policy changes, both grants and revocations, as Google does: a
   * changed policy is readable at once, and decides after the delay. Earlier changes keep their
   * delay. The default is no delay.
   *
   * @param delay zero to 365 days, by the emulator's clock
   * @throws IllegalArgumentException if the delay is out of range
   */
  public void propagationDelay(Duration delay) {
    world.get().policies().setDelay(inRange(delay));
  }

  /**
   * Delays when policies and calls for credentials know the accounts that are created later, as
   * Google does. Until then, an account can be read and listed, but its policy cannot be read or
   * written, no policy can name it as a member, its keys get no token, and it issues no credential.
   * The default is no delay.
   *
   * @param delay zero to 365 days, by the emulator's clock
   * @throws IllegalArgumentException if the delay is out of range
   */
  public void accountPropagation(Duration delay) {
    world.get().accounts().setDelay(inRange(delay));
  }

  private static Duration inRange(Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException(
          Phrases.exact(delay) + " is out of range: use zero to 365 days");
    }
    return delay;
  }

  /**
   * Allows access tokens of up to 12 hours instead of 1 hour for an account, as the organization
   * policy constraint {@code iam.allowServiceAccountCredentialLifetimeExtension} does.
   */
  public void allowLifetimeExtension(String accountEmail) {
    world.get().controls().lifetimeExtensions().add(account(accountEmail).email());
  }

  /** Undoes {@link #allowLifetimeExtension}. */
  public void forbidLifetimeExtension(String accountEmail) {
    world.get().controls().lifetimeExtensions().remove(account(accountEmail).email());
  }

  /**
   * Disables an API in a project: calls that count to the project get the error {@code
   * SERVICE_DISABLED}. A call of a service account counts to its project, and a call of a user to
   * the project of the resource.
   *
   * @param service {@code iamcredentials.googleapis.com}, {@code iam.googleapis.com}, {@code
   *     cloudresourcemanager.googleapis.com} or {@code compute.googleapis.com}
   * @throws IllegalArgumentException if the service is none of these
   */
  public void disableApi(String projectId, String service) {
    world.get().controls().apis().disable(api(projectId, service));
  }

  /** Enables an API in a project again. All APIs are enabled by default. */
  public void enableApi(String projectId, String service) {
    world.get().controls().apis().enable(api(projectId, service));
  }

  /**
   * Replaces the system-managed key of an account; its earlier keys stay published. May generate an
   * RSA key, which takes a fraction of a second.
   */
  public void rotateKeys(String accountEmail) {
    account(accountEmail).keys().rotate();
  }

  /** Replaces the key with which Google signs ID tokens, as {@link #rotateKeys} does. */
  public void rotateGoogleKeys() {
    world.get().googleKeys().rotate();
  }

  /**
   * Limits the calls of a group of methods: further calls get the error {@code RATE_LIMIT_EXCEEDED}
   * until the minute ends. Calls count to projects as for {@link #disableApi}. There is no limit by
   * default; each new limit starts a new minute.
   *
   * @param callsPerMinute zero or more, in a minute of the emulator's clock
   * @throws IllegalArgumentException if the number is negative
   */
  public void quota(String projectId, QuotaGroup group, int callsPerMinute) {
    if (callsPerMinute < 0) {
      throw new IllegalArgumentException(
          "the number of calls per minute must not be negative, but is " + callsPerMinute);
    }
    Quotas.Group methods = Quotas.Group.valueOf(Objects.requireNonNull(group, "group").name());
    world.get().controls().quotas().limit(project(projectId), methods, callsPerMinute);
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

  @Override
  public String toString() {
    return "EmulatorControls";
  }
}
