package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.common.collect.Iterables;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The code of the emulator's page compiles, and does what the page describes. */
class EmulatorPageSampleTest {
  private static final Path PAGE = Path.of("src/site/markdown/emulator.md");
  private static final Path SAMPLE =
      Path.of("src/test/java/io/github/shortlived/testing/EmulatorPageSample.java");
  private static final Pattern QUOTE =
      Pattern.compile("<!-- EmulatorPageSample: (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);

  static List<MatchResult> quotes() throws IOException {
    return QUOTE.matcher(Files.readString(PAGE)).results().toList();
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void page_quotedCode_equalsTheSample(MatchResult quote) throws IOException {
    assertThat(quote.group(2)).isEqualTo(region(Files.readString(SAMPLE), quote.group(1)));
  }

  @Test
  void page_everyRegion_isQuoted() throws IOException {
    assertThat(Pattern.compile("// \\[START (\\w+)]").matcher(Files.readString(SAMPLE)).results())
        .extracting(match -> match.group(1))
        .containsExactlyElementsOf(quotes().stream().map(quote -> quote.group(1)).toList());
  }

  @ParameterizedTest
  @ValueSource(classes = {EmulatorPageSample.Granting.class, EmulatorPageSample.Stubbing.class})
  void testClass_sample_passes(Class<?> sample) {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(sample))
        .execute()
        .testEvents()
        .assertStatistics(counts -> counts.started(1).succeeded(1));
  }

  @Test
  void clients_sample_callsTheEmulator() throws IOException {
    try (IamEmulator emulator =
        IamEmulator.demo().binding(Demo.SA2, Demo.TOKEN_CREATOR, Demo.member(Demo.SA1)).start()) {
      var settings = EmulatorPageSample.settings(emulator, Demo.member(Demo.SA1));
      try (IamCredentialsClient signer = IamCredentialsClient.create(settings.overGrpc());
          InstancesClient instances = InstancesClient.create(settings.overHttp())) {
        assertThat(
                signer
                    .signBlob(Demo.name(Demo.SA2), List.of(), ByteString.copyFromUtf8("blob"))
                    .getSignedBlob()
                    .size())
            .isEqualTo(256);
        Iterable<Instance> listed = instances.list(Demo.PROJECT, Demo.ZONE).iterateAll();
        assertThat(Iterables.size(listed)).isEqualTo(2);
      }
    }
  }

  @Test
  void process_sample_hasTheKeyFile(@TempDir Path folder) {
    try (IamEmulator emulator = IamEmulator.demo().start()) {
      assertThat(EmulatorPageSample.process(emulator, folder).environment())
          .containsEntry("GOOGLE_APPLICATION_CREDENTIALS", folder.resolve("sa-1.json").toString());
    }
  }

  private static String region(String source, String name) {
    int start = source.indexOf('\n', source.indexOf("// [START " + name + "]")) + 1;
    int end = source.lastIndexOf('\n', source.indexOf("// [END " + name + "]")) + 1;
    return source.substring(start, end).stripTrailing().stripIndent() + "\n";
  }
}
