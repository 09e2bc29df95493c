package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Lines of a log that a client repeats, or makes different each time. */
class LineLimitTest {
  private final AtomicLong now = new AtomicLong();
  private final LineLimit limit = new LineLimit(now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void equalLinesAreWrittenOnceAMinute() {
    assertThat(limit.line("a")).contains("a");
    pass(Duration.ofSeconds(59));
    assertThat(limit.line("a")).isEmpty();
    assertThat(limit.line("b")).contains("b");
    pass(Duration.ofSeconds(1));
    assertThat(limit.line("a")).contains("a");
  }

  @Test
  void linesThatDifferAreLimitedAndThoseLeftOutAreCounted() {
    int written = 0;
    for (int i = 0; i < 1_000; i++) {
      written += limit.line("line " + i).isPresent() ? 1 : 0;
    }
    assertThat(written).isEqualTo(30);
    pass(Duration.ofMinutes(1));
    assertThat(limit.line("next")).contains("next (970 other lines like it were left out before)");
    assertThat(limit.line("later")).contains("later");
  }
}
