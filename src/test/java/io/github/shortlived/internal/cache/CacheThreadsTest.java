package io.github.shortlived.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CacheThreadsTest {
  @Test
  void randomJitter_repeated_isFromZeroToOneAndDiffers() {
    double[] drawn = DoubleStream.generate(TokenCache::randomJitter).limit(100).toArray();

    assertThat(drawn).doesNotHaveDuplicates();
    assertThat(DoubleStream.of(drawn)).allMatch(each -> each >= 0 && each < 1);
  }
}
