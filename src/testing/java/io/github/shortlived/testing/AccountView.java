package io.github.shortlived.testing;

import com.google.iam.admin.v1.ServiceAccount;
import com.google.protobuf.ByteString;

/** Service accounts as the IAM API shows them. */
final class AccountView {
  /** Google gives every account the same one, and heeds none. */
  private static final ByteString ETAG = ByteString.copyFromUtf8("01021920");

  private AccountView() {}

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
}
