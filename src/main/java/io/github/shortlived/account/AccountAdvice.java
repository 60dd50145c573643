package io.github.shortlived.account;

import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.ShellCommand;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import java.util.Optional;

/** Adds to a failure what the caller of these credentials can do about it. */
record AccountAdvice(SourceCredentials source) {
  private static final String ID_TAKEN =
      "\nThe account ID is taken, but no account with it can be read: it was created or deleted a"
          + " short time ago. Create the account again in a few minutes, or choose another account"
          + " ID. To restore a deleted account, pass its unique ID to undelete.";
  private static final String NOT_RESTORABLE =
      "\nAn account can be undeleted for 30 days, by its unique ID. If another account has its email"
          + " address now, use that one, or delete it first.";
  private static final String UNKNOWN_PROJECT = "PROJECT";

  CredentialException ofCreation(CredentialException failure, String projectId) {
    return isTaken(failure)
        ? InternalExceptions.withSuffix(failure, ID_TAKEN)
        : inProject(failure, projectId, IamRoles.SERVICE_ACCOUNT_CREATOR);
  }

  CredentialException ofRestoration(CredentialException failure) {
    boolean refused =
        isTaken(failure)
            || failure instanceof NotFound
            || failure instanceof InvalidRequest
            || isByPolicy(failure); // Also for an unknown unique ID.
    return InternalExceptions.withSuffix(
        inProject(failure, UNKNOWN_PROJECT, IamRoles.SERVICE_ACCOUNT_ADMIN),
        refused ? NOT_RESTORABLE : "");
  }

  /** Adds the role that the caller needs in the project, if a policy denied the call. */
  CredentialException inProject(CredentialException failure, String projectId, String role) {
    return isByPolicy(failure)
        ? InternalExceptions.withSuffix(failure, command(projectId, role))
        : failure;
  }

  private static boolean isTaken(CredentialException failure) {
    return failure.status().equals(Optional.of(Code.ALREADY_EXISTS));
  }

  private static boolean isByPolicy(CredentialException failure) {
    ServiceFailure response = InternalExceptions.failure(failure);
    return failure instanceof PermissionDenied && response != null && response.isByPolicy();
  }

  private String command(String projectId, String role) {
    String member = source.identity().memberIfKnown().map(Member::id).orElse("MEMBER");
    return """

        It needs this role in the project:
          gcloud projects add-iam-policy-binding %s \\
              --member=%s \\
              --role=%s \\
              --condition=None\
        """
        .formatted(projectId, ShellCommand.word(member), role);
  }
}
