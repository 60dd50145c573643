package io.github.shortlived.samples;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableResult;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.ServiceAccount;

/** Runs a query of BigQuery as another service account. */
public final class BigQuerySample {
  private BigQuerySample() {}

  /** Arguments: the service account's email address, the project ID, the table. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 3) {
      System.err.println("Usage: BigQuerySample SERVICE_ACCOUNT PROJECT DATASET.TABLE");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      ServiceAccount deployer = ServiceAccount.of(args[0]);
      run(credentials, deployer, BigQueryOptions.newBuilder(), args[1], args[2]);
    }
  }

  static void run(
      ShortLivedCredentials credentials,
      ServiceAccount deployer,
      BigQueryOptions.Builder options,
      String project,
      String table)
      throws InterruptedException {
    // [START big_query]
    BigQuery bigQuery =
        options
            .setProjectId(project)
            .setCredentials(
                credentials.googleCredentials(deployer, "https://www.googleapis.com/auth/bigquery"))
            .build()
            .getService();

    TableResult result =
        bigQuery.query(QueryJobConfiguration.of("SELECT COUNT(*) FROM `" + table + "`"));
    result.iterateAll().forEach(row -> System.out.println(row.get(0).getLongValue()));
    // [END big_query]
  }
}
