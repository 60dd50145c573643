package io.github.shortlived.testing.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.testing.compatibility.CompatibilityPage.Row;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CompatibilityPageTest {
  private final CompatibilityPage page = CompatibilityPage.read();

  /** A client that this machine does not have keeps its rows, so no row is lost unnoticed. */
  @Test
  void page_clients_areThoseThatTestsRunInTheirOrder() {
    assertThat(page.rows().stream().map(Row::client).distinct())
        .containsExactlyElementsOf(Stream.of(RealClient.values()).map(RealClient::title).toList());
  }

  @Test
  void page_results_areOneOfTwo() {
    assertThat(page.rows())
        .extracting(Row::result)
        .isNotEmpty()
        .isSubsetOf("works", "does not work");
  }

  @Test
  void page_withTheSameRows_isTheSameText() {
    RealClient client = RealClient.IAM_ADMIN_JAVA;
    assertThat(page.with(client, page.rowsOf(client)).text()).isEqualTo(page.text());
  }
}
