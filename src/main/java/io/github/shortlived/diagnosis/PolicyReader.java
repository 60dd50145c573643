package io.github.shortlived.diagnosis;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.audit.AccountAccess;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the policies of accounts, each once. For one thread. */
final class PolicyReader implements AutoCloseable {
  private final ShortLivedCredentials credentials;
  private final Map<ServiceAccount, View> views = new HashMap<>();
  private final boolean closesAudit;
  private @Nullable AccessAudit audit;
  private @Nullable View ofAllOthers;

  /** Creates a reader that uses the given audit, or else the caller of the credentials. */
  PolicyReader(ShortLivedCredentials credentials, Optional<AccessAudit> given) {
    this.credentials = credentials;
    this.closesAudit = given.isEmpty();
    this.audit = given.orElse(null);
  }

  View read(ServiceAccount account) {
    return views.computeIfAbsent(account, this::fetch);
  }

  private View fetch(ServiceAccount account) {
    if (ofAllOthers != null) {
      return ofAllOthers;
    }
    try {
      return new View.Read(audit().audit(account));
    } catch (CredentialException e) {
      FailureClassifier.throwIfInterrupted(e);
      View view = failed(account, e);
      if (e instanceof ServiceDisabled || e instanceof SourceCredentials) {
        ofAllOthers = view; // Every other policy would fail in the same way.
      }
      return view;
    }
  }

  private static View failed(ServiceAccount account, CredentialException failure) {
    Optional<String> permission =
        failure instanceof PermissionDenied denied ? denied.permission() : Optional.empty();
    String reason =
        permission
            .map(missing -> "policy of %s: cannot be read without %s".formatted(account, missing))
            .orElseGet(() -> InternalExceptions.summary(failure));
    return new View.Unreadable(reason, failure instanceof CredentialException.NotFound);
  }

  private AccessAudit audit() {
    if (audit == null) {
      audit = AccessAudit.using(credentials);
    }
    return audit;
  }

  @Override
  public void close() {
    if (audit != null && closesAudit) {
      audit.close();
    }
  }

  /** The result of reading a policy. */
  sealed interface View {
    /** The policy was read. */
    record Read(AccountAccess access) implements View {}

    /** The policy could not be read, possibly because the account does not exist. */
    record Unreadable(String reason, boolean accountMissing) implements View {}
  }
}
