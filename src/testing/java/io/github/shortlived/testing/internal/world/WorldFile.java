package io.github.shortlived.testing.internal.world;

import static io.github.shortlived.testing.internal.world.JsonNode.field;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.federation.AttributeMapper;
import io.github.shortlived.testing.internal.federation.AttributeMapping;
import io.github.shortlived.testing.internal.federation.WorkloadPool;
import io.github.shortlived.testing.internal.policy.CustomRoles;
import io.github.shortlived.testing.internal.policy.DeclaredBinding;
import io.github.shortlived.testing.internal.policy.Groups;
import io.github.shortlived.testing.internal.token.DomainWideDelegations.Delegation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads declarations from JSON. Each field checks its own value, so that the message of a wrong one
 * has its path; an object with several fields is then declared as a whole.
 */
public final class WorldFile {
  private static final int MAX_BYTES = 16 << 20;

  private WorldFile() {}

  public static void read(Path file, WorldSpec.Builder world) {
    try {
      read(text(file), world);
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException(
          "The world file " + file + " does not exist: check the path", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the world file " + file + ": use a file with JSON that you may read", e);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(file + ": " + wrong.getMessage(), wrong);
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException("the file is larger than 16 MiB: check the path");
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  public static void read(String json, WorldSpec.Builder world) {
    JsonNode.parse(json)
        .fields(
            field("projects", list -> list.each(project -> project(project, world))),
            field("serviceAccounts", list -> list.each(account -> account(account, world))),
            field("groups", list -> list.each(group -> group(group, world))),
            field("instances", list -> list.each(instance -> instance(instance, world))),
            field("oauthScopes", list -> list.each(scope -> world.oauthScope(scope.string()))),
            field("metadataServiceAccount", email -> world.metadataAccount(email.string())));
  }

  private static void project(JsonNode project, WorldSpec.Builder world) {
    String id = project.required("projectId").string();
    project.fields(
        field("projectId", value -> world.project(value.string())),
        field("customRoles", list -> list.each(role -> customRole(id, role, world))),
        field("bindings", list -> bindings(list, (r, m, c) -> world.projectBinding(id, r, m, c))),
        field("workloadIdentityPools", list -> list.each(pool -> pool(id, pool, world))),
        field("disabledApis", list -> list.each(api -> world.disabledApi(id, api.string()))));
  }

  private static void account(JsonNode account, WorldSpec.Builder world) {
    String email = account.required("email").string();
    account.fields(
        field("email", value -> world.account(value.string())),
        field("bindings", list -> bindings(list, (r, m, c) -> world.binding(email, r, m, c))),
        field("domainWideDelegation", list -> list.each(pair -> delegation(email, pair, world))),
        field(
            "allowLifetimeExtension",
            flag -> flag.ifTrue(() -> world.allowLifetimeExtension(email))),
        field("disabled", flag -> flag.ifTrue(() -> world.disabledAccount(email))));
  }

  private static void instance(JsonNode instance, WorldSpec.Builder world) {
    String project = instance.required("project").string();
    String zone = instance.required("zone").string();
    String name = instance.required("name").string();
    instance.fields(
        field("project", value -> world.project(project)),
        field("zone", value -> VmInstance.requireZone(zone)),
        field("name", value -> VmInstance.requireName(name)));
    world.instance(project, zone, name);
  }

  private static void customRole(String projectId, JsonNode role, WorldSpec.Builder world) {
    String id = role.required("roleId").string();
    String[] permissions = array(role.required("permissions"));
    role.fields(
        field("roleId", value -> CustomRoles.requireName(projectId, id)),
        field(
            "permissions",
            list -> list.each(value -> CustomRoles.requirePermissions(value.string()))));
    world.customRole(projectId, id, permissions);
  }

  private static void pool(String projectId, JsonNode pool, WorldSpec.Builder world) {
    String id = pool.required("poolId").string();
    String provider = pool.required("providerId").string();
    String issuer = pool.required("issuer").string();
    String[] audiences = pool.member("audiences").map(WorldFile::array).orElse(new String[0]);
    pool.fields(
        field("poolId", value -> WorkloadPool.requireId("pool", id)),
        field("providerId", value -> WorkloadPool.requireId("provider", provider)),
        field("issuer", value -> WorkloadPool.requireIssuer(issuer)),
        field("audiences", JsonNode::strings),
        field(
            "attributeMapping",
            map -> {
              AttributeMapper.check(AttributeMapping.SUBJECT_ONLY.withMapping(map.stringMap()));
              world.attributeMapping(projectId, id, provider, map.stringMap());
            }),
        field(
            "attributeCondition",
            text -> {
              AttributeMapper.check(AttributeMapping.SUBJECT_ONLY.withCondition(text.string()));
              world.attributeCondition(projectId, id, provider, text.string());
            }));
    world.pool(projectId, id, provider, issuer, audiences);
  }

  private static void delegation(String email, JsonNode pair, WorldSpec.Builder world) {
    String userOrDomain = pair.required("userOrDomain").string();
    String[] scopes = array(pair.required("scopes"));
    pair.fields(
        field("userOrDomain", value -> Delegation.requireUserOrDomain(userOrDomain)),
        field("scopes", value -> Delegation.requireScopes(List.of(scopes))));
    world.delegation(email, userOrDomain, scopes);
  }

  private static String[] array(JsonNode list) {
    return list.strings().toArray(String[]::new);
  }

  private static void group(JsonNode group, WorldSpec.Builder world) {
    String email = group.required("email").string();
    String[] members = array(group.required("members"));
    group.fields(
        field("email", value -> Groups.requireEmail(email)),
        field("members", list -> list.each(value -> Groups.requireMembers(value.string()))));
    world.group(email, members);
  }

  private static void bindings(JsonNode list, Binder binder) {
    list.each(
        binding -> {
          String role = binding.required("role").string();
          @Nullable String condition =
              binding.member("condition").map(WorldFile::expression).orElse(null);
          binding.required("members");
          binding.fields(
              field("role", value -> DeclaredBinding.requireRole(role)),
              field("members", all -> all.each(m -> binder.bind(role, m.string(), condition))),
              field("condition", JsonNode::value));
        });
  }

  private static String expression(JsonNode condition) {
    condition.fields(field("expression", text -> DeclaredBinding.requireCondition(text.string())));
    return condition.required("expression").string();
  }

  /** Grants a role to a member, under a condition unless it is null. */
  private interface Binder {
    void bind(String role, String member, @Nullable String condition);
  }
}
