package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.observe.Metrics;
import dev.pointsman.rig.RecordedCalls;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shadow beside an active Pointsman, called as Envoy Gateway calls a chain of extension managers. */
class ShadowTest {
  private static final Path RECORDING = Path.of("testdata/translate/model-routes-two-pools");

  /** The place of the shadow's second port in the chain. */
  private static final int AFTER = 2;

  @TempDir
  private Path resources;

  private final Metrics metrics = new Metrics();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicBoolean deleted = new AtomicBoolean();
  private RecordedCalls envoyGateway = new RecordedCalls();
  private int shadowPort;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Path recorded = RECORDING.resolve("resources");
    if (Files.isDirectory(recorded)) {
      try (Stream<Path> files = Files.list(recorded)) {
        for (Path file : files.toList()) {
          Files.copy(file, resources.resolve(file.getFileName()));
        }
      }
    }
    PointsmanServer active = TestServer.over(resources).start(new Metrics());
    PointsmanServer shadow =
        TestServer.over(resources).shadow().gone(_ -> deleted.get()).start(metrics);
    open.add(active);
    open.add(shadow);
    envoyGateway = new RecordedCalls(
        shadow.ports().grpc(), active.ports().grpc(), shadow.ports().shadow());
    open.add(envoyGateway);
    shadowPort = shadow.ports().shadow();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  /**
   * Plays the recording through the chain. Both ports of the shadow return what they get.
   *
   * @param between changes the translation after the active server
   */
  private PostTranslateModifyResponse play(UnaryOperator<PostTranslateModifyRequest> between) {
    List<PostTranslateModifyRequest> seen = new ArrayList<>();
    PostTranslateModifyResponse last = envoyGateway.play(RECORDING, (server, request) -> {
      seen.add(server == AFTER ? between.apply(request) : request);
      return seen.getLast();
    });
    PostTranslateModifyRequest before = seen.get(seen.size() - 3);
    PostTranslateModifyRequest active = seen.get(seen.size() - 2);
    assertThat(active.getClustersList()).isEqualTo(before.getClustersList());
    assertThat(active.getRoutesList()).isEqualTo(before.getRoutesList());
    assertThat(active.getListenersList()).isEqualTo(before.getListenersList());
    PostTranslateModifyRequest after = seen.getLast();
    assertThat(last.getClustersList()).isEqualTo(after.getClustersList());
    assertThat(last.getRoutesList()).isEqualTo(after.getRoutesList());
    assertThat(last.getListenersList()).isEqualTo(after.getListenersList());
    return last;
  }

  private void assertSeries(String series) {
    await().untilAsserted(() -> assertThat(metrics.scrape()).contains(series));
  }

  @Test
  void theSameBuildTranslatesEqually() throws IOException {
    PostTranslateModifyResponse answer = play(UnaryOperator.identity());
    assertThat(answer.getClustersList()).isNotEmpty();
    assertSeries("pointsman_shadow_comparisons_total{result=\"equal\"} 1.0");
    assertSeries("pointsman_shadow_differences{gateway=\"default/");
    assertThat(metrics.scrape())
        .contains("pointsman_shadow_comparisons_total{result=\"different\"} 0.0")
        .containsPattern("pointsman_shadow_differences\\{gateway=\"[^\"]+\"} 0\\.0");
  }

  @Test
  void aClusterOfTheOtherBuildThatDiffersIsCountedAndPassedOn() throws IOException {
    PostTranslateModifyResponse answer = play(request -> {
      try {
        Cluster first = Cluster.parseFrom(request.getClusters(0));
        return request.toBuilder()
            .setClusters(0, first.toBuilder().setAltStatName("other").build().toByteString())
            .build();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    assertThat(Cluster.parseFrom(answer.getClusters(0)).getAltStatName()).isEqualTo("other");
    assertSeries("pointsman_shadow_comparisons_total{result=\"different\"} 1.0");
    assertThat(metrics.scrape())
        .containsPattern("pointsman_shadow_differences\\{gateway=\"[^\"]+\"} 1\\.0");
  }

  @Test
  void aChainWithoutTheFirstCallIsNotCompared() throws IOException {
    try (RecordedCalls afterAlone = new RecordedCalls(shadowPort)) {
      var _ = afterAlone.play(RECORDING);
    }
    assertSeries("pointsman_shadow_comparisons_total{result=\"failed\"} 1.0");
  }

  @Test
  void aDeletedGatewayHasNoSeries() throws IOException {
    var _ = play(UnaryOperator.identity());
    assertSeries("pointsman_shadow_differences{gateway=\"default/");
    deleted.set(true);
    assertThat(metrics.scrape())
        .doesNotContain("pointsman_shadow_differences{")
        .contains("pointsman_shadow_comparisons_total{result=\"equal\"} 1.0");
  }
}
