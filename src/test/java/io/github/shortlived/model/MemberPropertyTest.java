package io.github.shortlived.model;

import static io.github.shortlived.FuzzedText.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of members in any documented form, with any value. */
class MemberPropertyTest {
  private static final String WORKLOAD =
      "iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/";
  private static final String WORKFORCE = "iam.googleapis.com/locations/global/workforcePools/w/";

  /** Forms that end with a value, which may have blanks inside. */
  private static final List<String> BEFORE_A_VALUE =
      List.of(
          "principal://" + WORKLOAD + "subject/",
          "principal://" + WORKFORCE + "subject/",
          "principalSet://" + WORKLOAD + "group/",
          "principalSet://" + WORKFORCE + "attribute.department/",
          "principal://agents.global.org-1.system.id.goog/resources/");

  private static final List<String> WITHOUT_A_VALUE =
      List.of(
          "user:me@example.com",
          "group:us@example.com",
          "domain:example.com",
          "serviceAccount:a@p.iam.gserviceaccount.com",
          "serviceAccount:example.com:p.svc.id.goog[ns/ksa]",
          "principalSet://" + WORKLOAD + "*",
          "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount");

  private static final Arbitrary<Integer> HIDDEN =
      Arbitraries.of(
          0x00, 0x09, 0x0A, 0x7F, 0x85, 0xA0, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x1680, 0x17B4,
          0x180B, 0x180E, 0x2003, 0x200B, 0x200D, 0x2028, 0x202E, 0x2060, 0x2066, 0x2800, 0x3000,
          0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0x16FE4, 0x1D159, 0x1D173, 0xE0041, 0xE0100, 0xE0FFF);

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.strings()
        .withChars("aZ09-_.:/@|#%+=,;'\"()<>[]{}*?~! éЖ漢")
        .ofMinLength(1)
        .ofMaxLength(40)
        .filter(value -> value.equals(value.strip()) && !value.endsWith("/"));
  }

  @Provide
  Arbitrary<String> members() {
    Arbitrary<String> withValue =
        Combinators.combine(Arbitraries.of(BEFORE_A_VALUE), values()).as(String::concat);
    return Arbitraries.oneOf(withValue, Arbitraries.of(WITHOUT_A_VALUE));
  }

  @Provide
  Arbitrary<Integer> hidden() {
    return HIDDEN;
  }

  @Property
  void of_documentedForm_isThatText(@ForAll("members") String id) {
    assertThat(Member.of(id).id()).isEqualTo(id);
  }

  @Property
  void of_hiddenCharacterAnywhere_refused(
      @ForAll("members") String id, @ForAll("hidden") int hidden, @ForAll int position) {
    int index = id.offsetByCodePoints(0, Math.floorMod(position, id.length() + 1));
    String other = id.substring(0, index) + Character.toString(hidden) + id.substring(index);

    assertThat(accepted(() -> Member.of(other))).isEmpty();
  }

  @Property
  void of_blankOrSlashAtTheEnd_refused(@ForAll("members") String id) {
    assertThat(accepted(() -> Member.of(id + " "))).isEmpty();
    assertThat(accepted(() -> Member.of(" " + id))).isEmpty();
    boolean urlAsValue = id.contains("//") && id.replaceFirst("//", "").contains("://");
    assertThat(accepted(() -> Member.of(id + "/")).isPresent() && !urlAsValue).isFalse();
  }

  @Property
  void of_oneCharacterLess_staysInItsType(@ForAll("members") String id, @ForAll int position) {
    int index = Math.floorMod(position, id.length());
    String other = id.substring(0, index) + id.substring(index + 1);

    accepted(() -> Member.of(other))
        .ifPresent(
            member -> {
              assertThat(id).startsWith(other.substring(0, other.indexOf(':') + 1));
              assertThat(member.isGroup()).isEqualTo(Member.of(id).isGroup());
            });
  }
}
