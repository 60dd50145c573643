package io.github.shortlived.grant;

import com.google.common.collect.ImmutableBiMap;
import com.google.common.io.BaseEncoding;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.shortlived.internal.policy.PlannedPolicy;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.StrictJson;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The JSON of a plan. Its words are those of Google's {@code Policy} and {@code PolicyDelta}; the
 * action {@code UNCHANGED} is added, for a binding that the plan needs and that exists.
 */
final class SavedPlan {
  private static final int FORMAT_VERSION = 1;
  private static final int MAX_BYTES = 16 * 1024 * 1024;
  private static final StrictJson PARSER = new StrictJson(MAX_BYTES, 6, true);
  private static final Gson WRITER =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final BaseEncoding BASE64 = BaseEncoding.base64();
  private static final ImmutableBiMap<String, Kind> ACTIONS =
      ImmutableBiMap.of("ADD", Kind.ADDED, "REMOVE", Kind.REMOVED, "UNCHANGED", Kind.UNCHANGED);

  private SavedPlan() {}

  /** Writes the policies that have changes. */
  static String write(List<PlannedPolicy> policies) {
    JsonArray saved = new JsonArray();
    policies.stream()
        .filter(policy -> !policy.changes().isEmpty())
        .map(SavedPlan::policy)
        .forEach(saved::add);
    JsonObject plan = new JsonObject();
    plan.addProperty("formatVersion", FORMAT_VERSION);
    plan.add("policies", saved);
    return checkedSize(escaped(WRITER.toJson(plan)));
  }

  /** Escapes hidden characters, so that a reviewer sees them. A line break is never in a value. */
  private static String escaped(String json) {
    return json.lines()
        .map(line -> SafeText.escape(line, SafeText::javaEscape))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String checkedSize(String json) {
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    InternalExceptions.require(
        bytes <= MAX_BYTES,
        "plan",
        bytes + " bytes",
        "a saved plan has at most 16 MiB",
        "Make one plan for each part of the accounts");
    return json;
  }

  private static JsonObject policy(PlannedPolicy planned) {
    InternalExceptions.require(
        !planned.etag().isEmpty(),
        "plan",
        planned.account().id(),
        "the policy of this account was read without an etag, so that a saved plan could not be"
            + " checked",
        "Read it without an intermediary that rewrites responses");
    JsonObject policy = new JsonObject();
    policy.addProperty("resource", planned.account().resourceName());
    policy.addProperty("etag", planned.etag());
    JsonArray deltas = new JsonArray();
    planned.changes().forEach(change -> deltas.add(delta(change)));
    policy.add("bindingDeltas", deltas);
    return policy;
  }

  private static JsonObject delta(PolicyChange change) {
    Binding binding = change.binding();
    InternalExceptions.require(
        change.kind() == Kind.REMOVED || !binding.member().isEveryone(),
        "plan",
        binding.member().id(),
        "a saved plan grants nothing to everyone, because a changed file could",
        "Apply it in this process");
    JsonObject delta = new JsonObject();
    delta.addProperty("action", ACTIONS.inverse().get(change.kind()));
    delta.addProperty("role", binding.role());
    delta.addProperty("member", binding.member().id());
    binding.condition().ifPresent(condition -> delta.add("condition", condition(condition)));
    return delta;
  }

  private static JsonObject condition(Condition condition) {
    JsonObject json = new JsonObject();
    json.addProperty("title", condition.title());
    json.addProperty("description", condition.description());
    json.addProperty("expression", condition.expression());
    return json;
  }

  /** Reads a plan; what it adds is checked as a grant that is planned now. */
  static List<PlannedPolicy> read(String json, Instant now) {
    PlanField plan = PlanField.parse(json, PARSER);
    plan.field("formatVersion")
        .requireNumber(
            FORMAT_VERSION, "this version of the library reads format version " + FORMAT_VERSION);
    Set<ServiceAccount> accounts = new HashSet<>();
    return plan.object("formatVersion", "policies").field("policies").elements().stream()
        .map(policy -> policy(policy, accounts, now))
        .toList();
  }

  private static PlannedPolicy policy(PlanField element, Set<ServiceAccount> known, Instant now) {
    PlanField policy = element.object("resource", "etag", "bindingDeltas");
    PlanField resource = policy.field("resource");
    ServiceAccount account = resource.convert(ServiceAccount::of);
    resource.require(
        account.resourceName().equals(resource.text()),
        "it must be projects/-/serviceAccounts/EMAIL_OR_UNIQUE_ID");
    resource.require(known.add(account), "each resource must be in the plan once");
    PlanField etag = policy.field("etag");
    etag.require(isEtag(etag.text()), "it must be a text in base64");
    PlanField deltas = policy.field("bindingDeltas");
    deltas.require(!deltas.elements().isEmpty(), "it must have at least one element");
    List<PolicyChange> changes =
        deltas.elements().stream().map(delta -> change(delta, account, now)).toList();
    return PlannedPolicy.saved(account, etag.text(), changes);
  }

  private static boolean isEtag(String text) {
    return !text.isEmpty() && BASE64.canDecode(text);
  }

  private static PolicyChange change(PlanField element, ServiceAccount account, Instant now) {
    PlanField delta = element.object("action", "role", "member", "condition");
    Kind kind = delta.field("action").oneOf(ACTIONS);
    PlanField member = delta.field("member");
    Binding binding =
        new Binding(
            account,
            delta.field("role").text(),
            member.convert(kind == Kind.REMOVED ? Member::inPolicy : Member::of),
            delta.optional("condition").map(SavedPlan::condition));
    return kind == Kind.REMOVED
        ? new PolicyChange(kind, binding)
        : delta.checked(() -> new PolicyChange(kind, GrantValidation.check(binding, now)));
  }

  private static Condition condition(PlanField element) {
    PlanField condition = element.object("title", "description", "expression");
    return new Condition(
        condition.field("title").text(),
        condition.field("description").text(),
        condition.field("expression").text());
  }
}
