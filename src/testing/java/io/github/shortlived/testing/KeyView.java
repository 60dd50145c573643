package io.github.shortlived.testing;

import com.google.iam.admin.v1.ListServiceAccountKeysRequest.KeyType;
import com.google.iam.admin.v1.ServiceAccountKey;
import com.google.iam.admin.v1.ServiceAccountKeyAlgorithm;
import com.google.iam.admin.v1.ServiceAccountKeyOrigin;
import com.google.protobuf.util.Timestamps;
import java.time.Instant;

/** Keys as the IAM API shows them, without their private halves. */
final class KeyView {
  private static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");

  private KeyView() {}

  static ServiceAccountKey.Builder of(Account account, PublishedKey key) {
    KeyType type = type(account, key);
    Instant end =
        type == KeyType.USER_MANAGED ? FOREVER : key.createdAt().plus(Certificates.VALIDITY);
    return ServiceAccountKey.newBuilder()
        .setName(account.resource().name() + "/keys/" + key.id())
        .setKeyAlgorithm(ServiceAccountKeyAlgorithm.KEY_ALG_RSA_2048)
        .setKeyOrigin(ServiceAccountKeyOrigin.GOOGLE_PROVIDED)
        .setKeyType(type)
        .setValidAfterTime(Timestamps.fromSeconds(key.createdAt().getEpochSecond()))
        .setValidBeforeTime(Timestamps.fromSeconds(end.getEpochSecond()))
        .setDisabled(account.keys().isDisabled(key.id()));
  }

  static KeyType type(Account account, PublishedKey key) {
    return account.keys().isUserManaged(key.id()) ? KeyType.USER_MANAGED : KeyType.SYSTEM_MANAGED;
  }
}
