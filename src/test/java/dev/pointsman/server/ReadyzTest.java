package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.model.SourceState;
import dev.pointsman.observe.Metrics;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The answer of {@code /readyz} and the metrics for sources with problems. */
class ReadyzTest extends AdminPortFixture {
  private static final String NEVER_CALLED =
      "Envoy Gateway has not called this replica: it calls one of several, while there are HTTPRoutes with pools and"
          + " its configuration has extensionManager (pointsman gateway-config)\n";

  /** A source whose connection the test cuts. */
  private static final class Source implements SnapshotSource {
    private volatile SourceState state = SourceState.CONNECTED;
    private volatile boolean synced = true;
    private volatile Consumer<ClusterSnapshot> listener = _ -> {};

    @Override
    public void start(Consumer<ClusterSnapshot> listener) {
      this.listener = listener;
      if (synced) {
        listener.accept(get());
      }
    }

    @Override
    public ClusterSnapshot get() {
      return new ClusterObjects().snapshot();
    }

    @Override
    public SourceState state() {
      return state;
    }

    @Override
    public void close() {}
  }

  @Test
  void problemsOfFilesAreCountedAndSaid() throws Exception {
    Path file = resources.resolve("broken.yaml");
    Files.writeString(file, "kind: [oops\n");
    Files.writeString(
        resources.resolve("pod.yaml"), "{apiVersion: v1, kind: Pod, metadata: {name: a/b}}");
    try (PointsmanServer server = TestServer.over(resources).start()) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(scrape(server))
              .containsEntry(
                  "pointsman_diagnostics{code=\"PM0015\",reason=\"InvalidObject\"}", 2.0));
      HttpResponse<String> ready = http(server.ports().admin(), "/readyz", "*/*");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body())
          .startsWith("ok\n")
          .contains("file broken.yaml: line ", "pod.yaml: Pod default/a/b metadata.name: ");
      assertThat(http(server.ports().admin(), "/readyz", "application/json").body())
          .contains("\"ready\":true")
          .contains("\"problems\":[\"file broken.yaml: line ");
      Files.delete(resources.resolve("pod.yaml"));
      Files.delete(file);
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(http(server.ports().admin(), "/readyz", "*/*").body())
                  .isEqualTo("ok\n" + NEVER_CALLED));
      assertThat(scrape(server))
          .containsEntry("pointsman_diagnostics{code=\"PM0015\",reason=\"InvalidObject\"}", 0.0);
    }
  }

  @Test
  void readinessTellsWhatItWaitsForAndAnOutageIsNoReason() throws Exception {
    Source source = new Source();
    source.synced = false;
    source.state = new SourceState(Set.of("Pod", "InferencePool"), Optional.empty(), List.of());
    Metrics metrics = new Metrics();
    try (PointsmanServer server =
        new PointsmanServer(TestServer.over(resources).settings(), source, metrics)) {
      server.start();
      assertThat(server.awaitReady(1)).isFalse();
      HttpResponse<String> notYet = http(server.ports().admin(), "/readyz", "*/*");
      assertThat(notYet.statusCode()).isEqualTo(503);
      assertThat(notYet.body())
          .startsWith("not yet ready\n")
          .contains("waiting for: synced\n", "not read yet: InferencePool, Pod\n");
      HttpResponse<String> json = http(server.ports().admin(), "/readyz", "application/json");
      assertThat(json.body())
          .contains("\"ready\":false", "\"unread\":[\"InferencePool\",\"Pod\"]", "\"synced\"");
      assertThat(http(server.ports().admin(), "/healthz", "*/*").statusCode()).isEqualTo(200);

      source.state = SourceState.CONNECTED;
      source.listener.accept(source.get());
      assertThat(server.awaitReady(30)).isTrue();
      assertThat(http(server.ports().admin(), "/readyz", "*/*").body())
          .isEqualTo("ok\n" + NEVER_CALLED);

      source.state = new SourceState(
          Set.of(), Optional.of(Instant.parse("2026-11-22T20:00:00.5Z")), List.of());
      HttpResponse<String> outage = http(server.ports().admin(), "/readyz", "*/*");
      assertThat(outage.statusCode()).isEqualTo(200);
      assertThat(outage.body())
          .isEqualTo(
              "ok\nsource disconnected since 2026-11-22T20:00:00Z: serving the last snapshot\n"
                  + NEVER_CALLED);
      assertThat(scrape(server)).containsEntry("pointsman_source_connected", 0.0);
    }
  }
}
