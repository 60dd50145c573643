package io.github.shortlived.testing;

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
import java.net.URI;
import java.util.List;
import java.util.Set;

/** Creates, shows, lists, disables, enables and deletes the keys of service accounts. */
final class KeyHandlers {
  private static final String KEYS = "iam.serviceAccountKeys.";
  private static final int MOST_KEYS = 10;
  private static final Set<KeyType> EVERY_TYPE =
      Set.of(KeyType.USER_MANAGED, KeyType.SYSTEM_MANAGED);

  private final AccountNames names;
  private final Access access;
  private final URI tokenUri;

  /** The {@code tokenUri} is the one in key files. */
  KeyHandlers(World world, URI tokenUri) {
    this.names = new AccountNames(world.accounts());
    this.access = world.access();
    this.tokenUri = tokenUri;
  }

  /** The only answer with the private key: a key file. */
  ServiceAccountKey create(Caller caller, CreateServiceAccountKeyRequest request) {
    requireEmulated(request);
    Account account = names.account(request.getName(), KEYS + "create");
    require(caller, "create", account);
    PublishedKey key =
        account
            .keys()
            .addUserManagedUpTo(MOST_KEYS)
            .orElseThrow(KeyHandlers::preconditionFailed); // the rule is documented
    String file = KeyFile.json(account, key.key(), tokenUri);
    return KeyView.of(account, key)
        .setPrivateKeyType(ServiceAccountPrivateKeyType.TYPE_GOOGLE_CREDENTIALS_FILE)
        .setPrivateKeyData(ByteString.copyFromUtf8(file))
        .build();
  }

  ServiceAccountKey get(Caller caller, GetServiceAccountKeyRequest request) {
    Account account = permitted(caller, "get", request.getName());
    PublishedKey key = key(account, request.getName());
    ServiceAccountKey.Builder view = KeyView.of(account, key);
    return switch (request.getPublicKeyType()) {
      case TYPE_NONE -> view.build();
      case TYPE_X509_PEM_FILE -> withPublic(view, Certificates.pem(key));
      case TYPE_RAW_PUBLIC_KEY ->
          withPublic(view, Pem.of("PUBLIC KEY", key.key().publicKey().getEncoded()));
      case UNRECOGNIZED -> throw Refusals.invalidArgument();
    };
  }

  ListServiceAccountKeysResponse list(Caller caller, ListServiceAccountKeysRequest request) {
    Account account = names.account(request.getName(), KEYS + "list");
    require(caller, "list", account);
    Set<KeyType> asked = Set.copyOf(request.getKeyTypesList());
    Set<KeyType> types = asked.isEmpty() ? EVERY_TYPE : asked;
    if (types.contains(KeyType.SYSTEM_MANAGED)) {
      account.keys().systemManaged(); // on Google it is there from the start
    }
    List<ServiceAccountKey> keys =
        account.keys().all().stream()
            .filter(key -> types.contains(KeyView.type(account, key)))
            .map(key -> KeyView.of(account, key).build())
            .toList();
    return ListServiceAccountKeysResponse.newBuilder().addAllKeys(keys).build();
  }

  Empty delete(Caller caller, DeleteServiceAccountKeyRequest request) {
    Account account = permitted(caller, "delete", request.getName());
    account.keys().delete(userManaged(account, request.getName()));
    return Empty.getDefaultInstance();
  }

  Empty disable(Caller caller, DisableServiceAccountKeyRequest request) {
    Account account = permitted(caller, "disable", request.getName());
    account.keys().disable(userManaged(account, request.getName()));
    return Empty.getDefaultInstance();
  }

  Empty enable(Caller caller, EnableServiceAccountKeyRequest request) {
    Account account = permitted(caller, "enable", request.getName());
    account.keys().enable(userManaged(account, request.getName()));
    return Empty.getDefaultInstance();
  }

  private Account permitted(Caller caller, String verb, String keyName) {
    Account account = names.accountOfKey(keyName, KEYS + verb);
    require(caller, verb, account);
    return account;
  }

  private void require(Caller caller, String verb, Account account) {
    access.require(caller.principal(), KEYS + verb, account.resource());
  }

  /** Google's own keys are not the user's to change. */
  private static String userManaged(Account account, String keyName) {
    PublishedKey key = key(account, keyName);
    if (KeyView.type(account, key) != KeyType.USER_MANAGED) {
      throw preconditionFailed();
    }
    return key.id();
  }

  private static PublishedKey key(Account account, String keyName) {
    String id = AccountNames.keyId(keyName);
    return account.keys().all().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow( // the text is unverified
            () ->
                new RpcException(Code.NOT_FOUND, "Service account key " + id + " does not exist."));
  }

  private static ServiceAccountKey withPublic(ServiceAccountKey.Builder view, String pem) {
    return view.setPublicKeyData(ByteString.copyFromUtf8(pem)).build();
  }

  private static void requireEmulated(CreateServiceAccountKeyRequest request) {
    if (request.getKeyAlgorithm() == ServiceAccountKeyAlgorithm.KEY_ALG_RSA_1024
        || request.getPrivateKeyType() == ServiceAccountPrivateKeyType.TYPE_PKCS12_FILE) {
      throw Refusals.notEmulated("A key other than a 2048-bit one in a key file");
    }
  }

  /** Code and text are unverified. */
  private static RpcException preconditionFailed() {
    return new RpcException(Code.FAILED_PRECONDITION, "Precondition check failed.");
  }
}
