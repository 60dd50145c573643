package io.github.shortlived.testing.internal.iam;

import com.google.iam.admin.v1.ListServiceAccountKeysRequest.KeyType;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.iam.admin.v1.ServiceAccountKey;
import com.google.iam.admin.v1.ServiceAccountKeyAlgorithm;
import com.google.iam.admin.v1.ServiceAccountKeyOrigin;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.key.Certificates;
import io.github.shortlived.testing.internal.key.PublishedKey;
import java.time.Instant;

/** Converts service accounts and their keys to messages of the IAM API. */
final class AccountProtos {
  /** Google gives every account the same etag, and ignores it in requests. */
  private static final ByteString ETAG = ByteString.copyFromUtf8("01021920");

  private static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");

  private AccountProtos() {}

  @SuppressWarnings("deprecation") // Google still fills the account's etag.
  static ServiceAccount of(Account account) {
    return ServiceAccount.newBuilder()
        .setName(account.resource().name())
        .setProjectId(account.projectId())
        .setUniqueId(account.uniqueId())
        .setEmail(account.email())
        .setDisplayName(account.displayName())
        .setDescription(account.description())
        .setEtag(ETAG)
        .setOauth2ClientId(account.uniqueId())
        .setDisabled(account.disabled())
        .build();
  }

  /** Returns a key without its private half. */
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
