package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Sa2Policy.binding;
import static io.github.shortlived.testing.Sa2Policy.condition;
import static io.github.shortlived.testing.Sa2Policy.policy;
import static io.github.shortlived.testing.Sa2Policy.tokenCreator;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the emulator stores of a policy: one binding for each role and condition. */
class PolicyNormalizationTest {
  private static final String ALICE = "user:alice@example.com";
  private static final String BOB = "user:bob@example.com";

  private final IamEmulator emulator = Demo.world().start();
  private IAMClient admin;
  private Sa2Policy sa2;

  @BeforeEach
  void connect() throws IOException {
    admin = Clients.admin(emulator);
    sa2 = new Sa2Policy(admin);
  }

  @AfterEach
  void stop() {
    admin.close();
    emulator.close();
  }

  @Test
  void bindings_ofTheSameRoleAndCondition_areMerged() {
    Binding viewer = binding("roles/viewer", ADMIN);
    Policy stored =
        sa2.set(
            3,
            tokenCreator(ALICE),
            viewer,
            tokenCreator(condition("true"), ALICE),
            tokenCreator(BOB, ALICE),
            tokenCreator(condition("true"), BOB));
    assertThat(stored.getBindingsList())
        .containsExactly(
            tokenCreator(ALICE, BOB), viewer, tokenCreator(condition("true"), ALICE, BOB));
    assertThat(sa2.get(3)).isEqualTo(stored);
  }

  @Test
  void bindings_ofOtherConditions_areNotMerged() {
    Binding always = tokenCreator(condition("true"), ALICE);
    Binding titled = tokenCreator(condition("true").toBuilder().setTitle("always").build(), ALICE);
    Binding never = tokenCreator(condition("false"), ALICE);
    assertThat(sa2.set(3, always, titled, never).getBindingsList())
        .containsExactly(always, titled, never);
  }

  @Test
  void members_repeated_areStoredOnce() {
    assertThat(sa2.set(1, tokenCreator(ALICE, BOB, ALICE)).getBindingsList())
        .containsExactly(tokenCreator(ALICE, BOB));
  }

  @Test
  void bindings_withoutMembers_areDropped() {
    Policy stored = sa2.set(3, tokenCreator(condition("true")), tokenCreator(ALICE));
    assertThat(stored.getBindingsList()).containsExactly(tokenCreator(ALICE));
    assertThat(stored.getVersion()).isEqualTo(1);
  }

  @Test
  void limits_countWhatIsStored() {
    String[] most =
        IntStream.range(0, 1_500)
            .mapToObj("user:u%d@example.com"::formatted)
            .toArray(String[]::new);
    assertThat(sa2.set(1, tokenCreator(most), tokenCreator("user:u7@example.com")).getBindings(0))
        .isEqualTo(tokenCreator(most));
    Binding[] repeated =
        IntStream.range(0, 21)
            .mapToObj(i -> tokenCreator(condition("true"), ALICE))
            .toArray(Binding[]::new);
    assertThat(sa2.set(policy(3, repeated)).getBindingsCount()).isEqualTo(1);
  }

  @Test
  void addBinding_ofARoleThatIsBound_addsTheMember() {
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, ALICE);
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, ALICE);
    assertThat(
            Wire.as(emulator, ADMIN).post("/v1/projects/" + PROJECT + ":getIamPolicy", "").body())
        .contains(
            "{\"role\":\"%s\",\"members\":[\"%s\",\"%s\"]}"
                .formatted(TOKEN_CREATOR, ALICE, member(SA1)));
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
  }
}
