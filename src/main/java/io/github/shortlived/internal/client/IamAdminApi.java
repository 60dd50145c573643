package io.github.shortlived.internal.client;

import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.admin.v1.ServiceAccount;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A connection to the IAM API, which calls with the source credentials. Thread-safe; blocks. */
public final class IamAdminApi implements AutoCloseable {
  private static final int LARGEST_PAGE = 100;

  private final GoogleApiClient<IAMClient> client;
  private final SourceCredentials source;
  private final Runnable releaseTransport;

  private IamAdminApi(GoogleApiClient<IAMClient> client, SourceCredentials source) {
    this.client = client;
    this.source = source;
    this.releaseTransport = source.holdTransport();
  }

  /**
   * Connects to the IAM API.
   *
   * @throws CredentialException if the client cannot be created
   */
  public static IamAdminApi connect(ClientContext context) {
    try {
      return new IamAdminApi(GoogleApiClient.iam(context.endpoints().iam()), context.source());
    } catch (IOException e) {
      throw InternalExceptions.translate(e, "Starting the IAM client");
    } catch (RuntimeException | Error e) {
      InternalExceptions.throwIfUnmetDependency(e);
      throw e;
    }
  }

  /** Makes one attempt of a call, as {@link GoogleApiClient#call} does. */
  public <Q, R> R call(
      String name, Function<IAMClient, UnaryCallable<Q, R>> method, Q request, Deadline deadline)
      throws SourceFailureException, FailedCallException {
    return client.call(name, method, request, source, deadline);
  }

  /** Lists one page of a project's service accounts; the token of the first page is "". */
  public ListServiceAccountsResponse accounts(String projectId, String pageToken, Deadline deadline)
      throws SourceFailureException, FailedCallException {
    ListServiceAccountsRequest request =
        ListServiceAccountsRequest.newBuilder()
            .setName("projects/" + projectId)
            .setPageSize(LARGEST_PAGE)
            .setPageToken(pageToken)
            .build();
    return call("listServiceAccounts", IAMClient::listServiceAccountsCallable, request, deadline);
  }

  /**
   * Returns the service accounts of all pages.
   *
   * @param page reads the page with this token
   */
  public static List<ServiceAccount> allPages(Function<String, ListServiceAccountsResponse> page) {
    List<ServiceAccount> accounts = new ArrayList<>();
    String pageToken = "";
    do {
      ListServiceAccountsResponse response = page.apply(pageToken);
      accounts.addAll(response.getAccountsList());
      pageToken = response.getNextPageToken();
    } while (!pageToken.isEmpty());
    return accounts;
  }

  @Override
  public void close() {
    client.close();
    releaseTransport.run();
  }
}
