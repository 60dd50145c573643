package io.github.shortlived.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.io.BaseEncoding;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A policy is written only with the etag that the edit requires. */
class PolicyEditorEtagTest {
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final CrossAccountGrant GRANT =
      CrossAccountGrant.tokenCreator(ServiceAccount.of("caller@p.iam.gserviceaccount.com"))
          .on(ACCOUNT);

  private final ShortLivedCredentials credentials =
      ShortLivedCredentials.from(GoogleCredentials.create(new AccessToken("none", null)));
  private final Store store = new Store();
  private final PolicyEditor editor =
      new PolicyEditor(InternalCredentials.context(credentials), store);

  @AfterEach
  void close() {
    editor.close();
    credentials.close();
  }

  private List<PolicyChange> edit(String etag) {
    String encoded = BaseEncoding.base64().encode(ByteString.copyFromUtf8(etag).toByteArray());
    return editor.edit(
        List.of(),
        PolicyEdits.of(Kind.ADDED, GRANT.bindings()),
        Map.of(ACCOUNT, encoded),
        applied -> {});
  }

  @Test
  void edit_requiredEtag_writesThePolicy() {
    assertThat(edit("now")).extracting(PolicyChange::kind).containsExactly(Kind.ADDED);
    assertThat(store.written).hasSize(1);
  }

  @Test
  void edit_otherEtag_isAConflictAndWritesNothing() {
    assertThatThrownBy(() -> edit("then"))
        .isInstanceOf(Conflict.class)
        .hasMessageStartingWith(
            "The saved plan is stale: the policy of %s has the etag bm93, and had dGhlbg==",
            ACCOUNT);
    assertThat(store.written).isEmpty();
  }

  private static final class Store implements PolicyStore {
    private final List<Policy> written = new ArrayList<>();

    @Override
    public Policy read(ServiceAccount account, Deadline deadline) {
      return Policy.newBuilder().setEtag(ByteString.copyFromUtf8("now")).build();
    }

    @Override
    public void write(ServiceAccount account, Policy policy, Deadline deadline) {
      written.add(policy);
    }

    @Override
    public ListServiceAccountsResponse accounts(
        String projectId, String pageToken, Deadline deadline) {
      throw new AssertionError();
    }

    @Override
    public void close() {}
  }
}
