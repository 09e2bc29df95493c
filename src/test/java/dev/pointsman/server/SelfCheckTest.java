package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Repetition;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.hook.TranslationResult.Summary;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.observe.Metrics;
import dev.pointsman.plan.ReadResults;
import dev.pointsman.rig.Logged;
import dev.pointsman.rig.RecordedCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Translations that are made again in the background. */
class SelfCheckTest {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  @TempDir
  private Path resources;

  private final Metrics metrics = new Metrics();
  private final AtomicLong now = new AtomicLong(5);
  private final SelfCheck check = new SelfCheck(INTERVAL, metrics.selfChecks(), now::get);
  private final AtomicInteger made = new AtomicInteger();

  @AfterEach
  void close() {
    check.close();
  }

  private record Translated(TranslationResult result, Supplier<List<String>> again)
      implements Repetition {
    @Override
    public PostTranslateModifyRequest request() {
      return PostTranslateModifyRequest.getDefaultInstance();
    }

    @Override
    public List<String> differences() {
      return again.get();
    }
  }

  private Repetition translation(String gateway, Supplier<List<String>> differences) {
    return new Translated(
        new TranslationResult(
            PostTranslateModifyResponse.getDefaultInstance(),
            List.of(),
            ReadResults.NONE,
            new Summary(0, 0, 0, 0),
            Set.of(new ObjectRef("Gateway", "default", gateway))),
        () -> {
          made.incrementAndGet();
          return differences.get();
        });
  }

  private void checked(Repetition translation, int times) {
    check.translated(translation);
    await().untilAsserted(() -> assertThat(total()).isEqualTo(times));
  }

  private long total() {
    return count("equal") + count("different") + count("failed");
  }

  private long count(String result) {
    String series = "pointsman_self_checks_total{result=\"" + result + "\"} ";
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(series.length())))
        .sum();
  }

  @Test
  void eachGatewayIsCheckedOnceInTheInterval() {
    checked(translation("a", List::of), 1);
    check.translated(translation("a", List::of));
    checked(translation("b", List::of), 2);
    now.addAndGet(INTERVAL.toNanos());
    checked(translation("a", List::of), 3);
    assertThat(made).hasValue(3);
    assertThat(count("equal")).isEqualTo(3);
  }

  @Test
  void oneIsCheckedAtATimeAndTheOthersAreNotQueued() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    check.translated(translation("a", () -> {
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return List.of();
    }));
    check.translated(translation("b", List::of));
    end.countDown();
    await().untilAsserted(() -> assertThat(total()).isEqualTo(1));
    assertThat(made).hasValue(1);
  }

  @Test
  void aDifferenceIsLoggedCountedAndItsRequestIsKept() {
    try (Logged log = new Logged()) {
      checked(translation("a", () -> List.of("without reuse: cluster c")), 1);
      assertThat(count("different")).isEqualTo(1);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("Gateway default/a", "without reuse: cluster c", "pointsman-self-check");
    }
  }

  @Test
  void aFailureIsCountedAndTheNextOneIsChecked() {
    checked(
        translation("a", () -> {
          throw new IllegalStateException("on purpose");
        }),
        1);
    checked(translation("b", List::of), 2);
    assertThat(count("failed")).isEqualTo(1);
  }

  @Test
  void aServerChecksTheTranslationsOfEnvoyGateway() throws InterruptedException {
    try (PointsmanServer server = TestServer.over(resources).selfCheck(INTERVAL).start(metrics);
        RecordedCalls envoyGateway = new RecordedCalls(server.ports().grpc())) {
      var _ = envoyGateway.play(Path.of("testdata/translate/policy-fallback"));
      await().untilAsserted(() -> assertThat(count("equal")).isEqualTo(1));
    }
  }
}
