package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.HttpMethod;
import com.google.cloud.storage.PostPolicyV4;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.SignUrlOption;
import com.google.cloud.storage.StorageOptions;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.ServiceAccount;
import java.net.URL;
import java.util.concurrent.TimeUnit;

/** Signs URLs and an upload form of Cloud Storage without a key. */
public final class SignedUrlSample {
  private SignedUrlSample() {}

  /** Arguments: the service account's email address, the project ID, the bucket. */
  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("Usage: SignedUrlSample SERVICE_ACCOUNT PROJECT BUCKET");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), args[1], args[2]);
    }
  }

  static void run(
      ShortLivedCredentials credentials, ServiceAccount deployer, String projectId, String bucket) {
    // [START signed_url]
    Storage storage =
        StorageOptions.newBuilder()
            .setProjectId(projectId)
            .setCredentials(credentials.googleCredentials(deployer, CLOUD_PLATFORM))
            .build()
            .getService();
    BlobInfo report = BlobInfo.newBuilder(bucket, "report.pdf").build();
    SignUrlOption v4 = SignUrlOption.withV4Signature();

    URL download = storage.signUrl(report, 15, TimeUnit.MINUTES, v4);
    URL upload =
        storage.signUrl(report, 15, TimeUnit.MINUTES, v4, SignUrlOption.httpMethod(HttpMethod.PUT));
    PostPolicyV4 form = storage.generateSignedPostPolicyV4(report, 15, TimeUnit.MINUTES);
    // [END signed_url]
    System.out.printf("%s%n%s%n%s%n", download.getPath(), upload.getPath(), form.getUrl());
  }
}
