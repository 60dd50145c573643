package io.github.shortlived.testing.internal.compute;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.world.World;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The zones of Compute Engine: the published ones, and those of the instances of a world.
 *
 * @see <a href="https://cloud.google.com/compute/docs/regions-zones">Regions and zones</a>
 */
final class Zones {
  private static final Set<String> PUBLISHED =
      published(
          """
          africa-south1 abc
          asia-east1 abc
          asia-east2 abc
          asia-northeast1 abc
          asia-northeast2 abc
          asia-northeast3 abc
          asia-south1 abc
          asia-south2 abc
          asia-southeast1 abc
          asia-southeast2 abc
          asia-southeast3 abc
          australia-southeast1 abc
          australia-southeast2 abc
          europe-central2 abc
          europe-north1 abc
          europe-north2 abc
          europe-southwest1 abc
          europe-west1 bcd
          europe-west2 abc
          europe-west3 abc
          europe-west4 abc
          europe-west6 abc
          europe-west8 abc
          europe-west9 abc
          europe-west10 abc
          europe-west12 abc
          me-central1 abc
          me-central2 abc
          me-west1 abc
          northamerica-northeast1 abc
          northamerica-northeast2 abc
          northamerica-south1 abc
          southamerica-east1 abc
          southamerica-west1 abc
          us-central1 abcf
          us-central2 b
          us-east1 bcd
          us-east4 abc
          us-east5 abc
          us-south1 abc
          us-west1 abc
          us-west2 abc
          us-west3 abc
          us-west4 abc
          """);

  /** The zones for AI, of which no list is published, such as {@code us-central1-ai1a}. */
  private static final Pattern AI = Pattern.compile("(.+)-ai\\d[a-z]");

  private Zones() {}

  /**
   * Refuses a zone that does not exist. Whether Google checks the permission first is unverified.
   */
  static void require(World world, String zone) {
    boolean isDeclared = world.instances().stream().map(VmInstance::zone).anyMatch(zone::equals);
    if (!isDeclared && !PUBLISHED.contains(zone) && !isForAi(zone)) {
      throw GoogleErrors.invalid("Invalid value for field 'zone': '" + zone + "'. Unknown zone.");
    }
  }

  private static boolean isForAi(String zone) {
    Matcher ai = AI.matcher(zone);
    return ai.matches()
        && PUBLISHED.stream()
            .anyMatch(
                published ->
                    published.substring(0, published.lastIndexOf('-')).equals(ai.group(1)));
  }

  private static Set<String> published(String table) {
    ImmutableSet.Builder<String> zones = ImmutableSet.builder();
    Splitter.on('\n')
        .omitEmptyStrings()
        .withKeyValueSeparator(' ')
        .split(table)
        .forEach(
            (region, letters) ->
                letters.chars().forEach(letter -> zones.add(region + "-" + (char) letter)));
    return zones.build();
  }
}
