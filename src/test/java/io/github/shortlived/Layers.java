package io.github.shortlived;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Sets;
import java.util.Set;

/**
 * The packages that each package may use, by names without that of the base package; {@code root}
 * is the base package itself.
 */
record Layers(String base, ImmutableSetMultimap<String, String> table) {
  static final Layers OF_THE_LIBRARY =
      parse(
          "io.github.shortlived",
          """
          internal.failure: internal.text
          internal.http: internal.text
          model: internal.failure internal.text
          policy: model internal.text
          internal.client: model internal.failure internal.http internal.text
          internal.cache: model internal.failure internal.text
          verify: model internal.client internal.text
          config: model internal.failure internal.http internal.text
          internal.issue: model internal.cache internal.client internal.failure internal.http \
          internal.text
          internal.source: model config internal.client internal.failure internal.http \
          internal.text
          internal.policy: model policy internal.client internal.failure internal.text
          root: model config internal.cache internal.issue internal.source internal.client \
          internal.failure internal.http internal.text
          grant: root model policy internal.policy internal.client internal.text
          audit: root model policy internal.policy internal.client internal.text
          account: root model internal.client internal.failure internal.text
          compute: root model internal.client internal.failure internal.text
          metrics: root model internal.text
          logging: model internal.text
          diagnosis: root model policy grant audit internal.policy internal.client \
          internal.failure internal.text
          """);

  /** The packages of the library that the emulator uses are not in this table. */
  static final Layers OF_THE_EMULATOR =
      parse(
          "io.github.shortlived.testing",
          """
          internal.key: internal.json
          internal.account: internal.key
          internal.control: internal.account internal.error
          internal.policy: internal.account internal.control internal.error
          internal.token: internal.account internal.control internal.error internal.key
          internal.federation: internal.account internal.error internal.key internal.policy
          internal.world: internal.account internal.control internal.error internal.federation \
          internal.json internal.key internal.policy internal.token
          internal.http: internal.control internal.error internal.json internal.world
          internal.rpc: internal.account internal.control internal.error internal.http \
          internal.json internal.token internal.world
          internal.oauth: internal.account internal.control internal.error internal.federation \
          internal.http internal.json internal.key internal.policy internal.token internal.world
          internal.metadata: internal.account internal.error internal.http internal.json \
          internal.token internal.world
          internal.iam: internal.account internal.control internal.error internal.json \
          internal.key internal.policy internal.rpc internal.token internal.world
          internal.compute: internal.account internal.error internal.http internal.json \
          internal.policy internal.rpc internal.world
          internal.client: internal.account internal.error internal.json internal.key \
          internal.policy internal.token internal.world
          internal.server: internal.compute internal.error internal.http internal.iam \
          internal.metadata internal.oauth internal.rpc internal.world
          root: internal.account internal.client internal.control internal.error \
          internal.federation internal.json internal.key internal.policy internal.server \
          internal.token internal.world
          junit: root internal.world
          standalone: root internal.account internal.client internal.json internal.policy \
          internal.token internal.world
          """);

  private static Layers parse(String base, String table) {
    ImmutableSetMultimap.Builder<String, String> layers = ImmutableSetMultimap.builder();
    Splitter.on('\n')
        .omitEmptyStrings()
        .withKeyValueSeparator(": ")
        .split(table)
        .forEach((user, used) -> layers.putAll(user, Splitter.on(' ').split(used)));
    return new Layers(base, layers.build());
  }

  /** Returns the names of all packages. */
  Set<String> names() {
    return Sets.union(table.keySet(), Set.copyOf(table.values()));
  }

  String packageOf(String name) {
    return name.equals("root") ? base : base + "." + name;
  }

  /** Returns the packages that this package may use: those of the table, and itself. */
  String[] allowed(String name) {
    return Sets.union(Set.of(name), table.get(name)).stream()
        .map(this::packageOf)
        .toArray(String[]::new);
  }
}
