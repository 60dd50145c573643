package io.github.shortlived.diagnosis;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.diagnosis.PolicyView.Gone;
import io.github.shortlived.diagnosis.PolicyView.Read;
import io.github.shortlived.diagnosis.PolicyView.Unreadable;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.ServiceAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts' policies as far as they may be read, each once. For one thread. */
final class PolicyReader implements AutoCloseable {
  private final ShortLivedCredentials credentials;
  private final Optional<AccessAudit> given;
  private final Map<ServiceAccount, PolicyView> seen = new HashMap<>();
  private @Nullable AccessAudit own;
  private @Nullable Unreadable blind;

  /** Reads as the given administrator, or else as the caller. */
  PolicyReader(ShortLivedCredentials credentials, Optional<AccessAudit> given) {
    this.credentials = credentials;
    this.given = given;
  }

  PolicyView of(ServiceAccount account) {
    return seen.computeIfAbsent(account, this::read);
  }

  private PolicyView read(ServiceAccount account) {
    if (blind != null) {
      return blind;
    }
    try {
      return new Read(audit().audit(account));
    } catch (NotFound e) {
      return new Gone(FailureClassifier.firstLine(e));
    } catch (PermissionDenied e) {
      return new Unreadable(denied(account, e));
    } catch (CredentialException e) {
      return unreadable(CredentialProber.uninterrupted(e));
    }
  }

  /** Whether the next one would fail alike depends on whether it is about this account. */
  private Unreadable unreadable(CredentialException failure) {
    Unreadable view = new Unreadable(FailureClassifier.firstLine(failure));
    if (failure instanceof ServiceDisabled || failure instanceof SourceCredentials) {
      blind = view;
    }
    return view;
  }

  private static String denied(ServiceAccount account, PermissionDenied refusal) {
    return refusal
        .permission()
        .map(
            permission ->
                "policy of %s: may not be read, which takes %s".formatted(account, permission))
        .orElseGet(() -> FailureClassifier.firstLine(refusal));
  }

  private AccessAudit audit() {
    if (given.isPresent()) {
      return given.get();
    }
    if (own == null) {
      own = AccessAudit.using(credentials);
    }
    return own;
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
