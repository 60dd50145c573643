package io.github.shortlived.testing.internal.iam;

import com.google.iam.admin.v1.CreateServiceAccountKeyRequest;
import com.google.iam.admin.v1.DeleteServiceAccountKeyRequest;
import com.google.iam.admin.v1.DisableServiceAccountKeyRequest;
import com.google.iam.admin.v1.EnableServiceAccountKeyRequest;
import com.google.iam.admin.v1.GetServiceAccountKeyRequest;
import com.google.iam.admin.v1.ListServiceAccountKeysRequest;
import com.google.iam.admin.v1.ListServiceAccountKeysRequest.KeyType;
import com.google.iam.admin.v1.ListServiceAccountKeysResponse;
import com.google.iam.admin.v1.ServiceAccountKey;
import com.google.iam.admin.v1.ServiceAccountKeyAlgorithm;
import com.google.iam.admin.v1.ServiceAccountPrivateKeyType;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.key.Certificates;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.key.Pem;
import io.github.shortlived.testing.internal.key.PublishedKey;
import io.github.shortlived.testing.internal.world.World;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** Creates, returns, lists, disables, enables and deletes the keys of service accounts. */
final class KeyHandlers {
  private static final String KEYS = "iam.serviceAccountKeys.";
  private static final int MOST_KEYS = 10;
  private static final Set<KeyType> EVERY_TYPE =
      Set.of(KeyType.USER_MANAGED, KeyType.SYSTEM_MANAGED);

  private final URI tokenUri;

  /** {@code tokenUri} is the {@code token_uri} in key files. */
  KeyHandlers(URI tokenUri) {
    this.tokenUri = tokenUri;
  }

  /** Creates a key; only this response contains the private key, as a key file. */
  ServiceAccountKey create(World world, Caller caller, CreateServiceAccountKeyRequest request) {
    requireEmulated(request);
    Account account = permitted(world, caller, "create", request.getName());
    PublishedKey key =
        account
            .keys()
            .addUserManagedUpTo(MOST_KEYS)
            .orElseThrow(KeyHandlers::preconditionFailed); // the rule is documented
    String file = account.keyFile(key, tokenUri);
    return AccountProtos.of(account, key)
        .setPrivateKeyType(ServiceAccountPrivateKeyType.TYPE_GOOGLE_CREDENTIALS_FILE)
        .setPrivateKeyData(ByteString.copyFromUtf8(file))
        .build();
  }

  ServiceAccountKey get(World world, Caller caller, GetServiceAccountKeyRequest request) {
    Account account =
        permitted(world, caller, "get", ResourceNames.accountOfKey(request.getName()));
    PublishedKey key = key(account, request.getName());
    ServiceAccountKey.Builder view = AccountProtos.of(account, key);
    return switch (request.getPublicKeyType()) {
      case TYPE_NONE, UNRECOGNIZED -> view.build(); // EnumValues refuses other numbers
      case TYPE_X509_PEM_FILE -> withPublicKey(view, Certificates.pem(key));
      case TYPE_RAW_PUBLIC_KEY ->
          withPublicKey(view, Pem.of("PUBLIC KEY", key.key().publicKey().getEncoded()));
    };
  }

  ListServiceAccountKeysResponse list(
      World world, Caller caller, ListServiceAccountKeysRequest request) {
    Account account = permitted(world, caller, "list", request.getName());
    Set<KeyType> requested = Set.copyOf(request.getKeyTypesList());
    if (requested.size() < request.getKeyTypesCount()) {
      throw GoogleErrors.invalid("Duplicate key types are not allowed."); // the text is unverified
    }
    Set<KeyType> types = requested.isEmpty() ? EVERY_TYPE : requested;
    if (types.contains(KeyType.SYSTEM_MANAGED)) {
      account.keys().systemManaged(); // Google creates this key with the account.
    }
    List<ServiceAccountKey> keys =
        account.keys().all().stream()
            .filter(key -> types.contains(AccountProtos.type(account, key)))
            .map(key -> AccountProtos.of(account, key).build())
            .toList();
    return ListServiceAccountKeysResponse.newBuilder().addAllKeys(keys).build();
  }

  Empty delete(World world, Caller caller, DeleteServiceAccountKeyRequest request) {
    return changed(world, caller, "delete", request.getName(), KeyRing::delete);
  }

  Empty disable(World world, Caller caller, DisableServiceAccountKeyRequest request) {
    return changed(world, caller, "disable", request.getName(), KeyRing::disable);
  }

  Empty enable(World world, Caller caller, EnableServiceAccountKeyRequest request) {
    return changed(world, caller, "enable", request.getName(), KeyRing::enable);
  }

  private static Empty changed(
      World world, Caller caller, String verb, String name, BiConsumer<KeyRing, String> change) {
    Account account = permitted(world, caller, verb, ResourceNames.accountOfKey(name));
    change.accept(account.keys(), userManaged(account, name));
    return Empty.getDefaultInstance();
  }

  private static Account permitted(World world, Caller caller, String verb, String accountName) {
    return ResourceNames.permitted(world, caller, accountName, KEYS + verb);
  }

  /** Returns the id of a key that users can change: those that Google manages cannot change. */
  private static String userManaged(Account account, String keyName) {
    PublishedKey key = key(account, keyName);
    if (AccountProtos.type(account, key) != KeyType.USER_MANAGED) {
      throw preconditionFailed();
    }
    return key.id();
  }

  private static PublishedKey key(Account account, String keyName) {
    String id = ResourceNames.keyId(keyName);
    return account.keys().all().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow( // the text is unverified
            () ->
                new RpcException(Code.NOT_FOUND, "Service account key " + id + " does not exist."));
  }

  private static ServiceAccountKey withPublicKey(ServiceAccountKey.Builder view, String pem) {
    return view.setPublicKeyData(ByteString.copyFromUtf8(pem)).build();
  }

  private static void requireEmulated(CreateServiceAccountKeyRequest request) {
    if (request.getKeyAlgorithm() == ServiceAccountKeyAlgorithm.KEY_ALG_RSA_1024
        || request.getPrivateKeyType() == ServiceAccountPrivateKeyType.TYPE_PKCS12_FILE) {
      throw GoogleErrors.notEmulated("A key other than a 2048-bit one in a key file");
    }
  }

  /** Code and text are unverified. */
  private static RpcException preconditionFailed() {
    return new RpcException(Code.FAILED_PRECONDITION, "Precondition check failed.");
  }
}
