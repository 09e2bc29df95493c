package dev.pointsman.server;

import static dev.pointsman.rig.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.model.SourceState;
import dev.pointsman.observe.Metrics;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the admin port tells after real calls. */
class MetricsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** A line of the text format: a series and its value. */
  private static final Pattern SAMPLE = Pattern.compile(
      "(?<series>[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\n]|\\\\[\"\\\\n])*\",?)*})?)"
          + " (?<value>[-+0-9.eE]+|NaN|[+-]Inf)");

  private static final Pattern COMMENT =
      Pattern.compile("# (HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*|TYPE [a-zA-Z_:][a-zA-Z0-9_:]*"
          + " (counter|gauge|histogram|summary|untyped))");

  @TempDir
  private Path resources;

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

  private static HttpResponse<String> http(int port, String path, String accept) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Accept", accept)
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static Map<String, Double> scrape(PointsmanServer server) throws Exception {
    HttpResponse<String> answer = http(server.ports().admin(), "/metrics", "*/*");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    Map<String, Double> values = new HashMap<>();
    for (String line : answer.body().lines().toList()) {
      if (line.startsWith("#")) {
        assertThat(line).matches(COMMENT);
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      assertThat(values.put(
              sample.group("series"),
              Double.valueOf(sample.group("value").replace("Inf", "Infinity"))))
          .as("twice: " + line)
          .isNull();
    }
    return values;
  }

  /** A recorded translation with a pool, as the warm-up plays it. */
  private static byte[] recorded(String name) throws IOException {
    return Files.readAllBytes(
        Path.of("src/main/resources/dev/pointsman/server/warm-up").resolve(name));
  }

  @Test
  void hooksAreCountedWithWhatTheyRewrote() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      Map<String, Double> before = scrape(server);
      assertThat(before)
          .containsEntry("pointsman_hook_seconds_count{hook=\"Route\",outcome=\"ok\"}", 0.0)
          .containsEntry("pointsman_leader", 0.0)
          .containsEntry("pointsman_source_connected", 1.0)
          .containsEntry("pointsman_status_writes_total", 0.0)
          .containsEntry("pointsman_event_writes_total", 0.0)
          .containsEntry("pointsman_api_errors_total{call=\"read\"}", 0.0)
          .containsEntry("pointsman_diagnostics{reason=\"UnknownWeights\"}", 0.0)
          .containsKey("jvm_threads_live_threads")
          .hasEntrySatisfying(
              "pointsman_snapshot_age_seconds", age -> assertThat(age).isBetween(0.0, 120.0));
      assertThat(before.keySet()).anyMatch(series -> series.startsWith("pointsman_build_info{"));

      ManagedChannel channel = NettyChannelBuilder.forAddress(
              "127.0.0.1", server.ports().grpc())
          .usePlaintext()
          .build();
      int bytes;
      try {
        EnvoyGatewayExtensionBlockingStub stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
        ByteString told = stub.postRouteModify(
                PostRouteModifyRequest.parseFrom(recorded("1-route.pb")))
            .getRoute();
        assertThat(told.isEmpty()).isFalse();
        var _ = stub.postRouteModify(PostRouteModifyRequest.parseFrom(recorded("3-route.pb")));
        var _ = stub.postEndpointsModify(
            PostEndpointsModifyRequest.parseFrom(recorded("2-endpoints.pb")));
        PostTranslateModifyRequest translation =
            PostTranslateModifyRequest.parseFrom(recorded("5-translation.pb"));
        bytes = translation.getSerializedSize();
        var _ = stub.postTranslateModify(translation);
      } finally {
        channel.shutdownNow();
      }
      Map<String, Double> after = scrape(server);
      assertThat(after)
          .containsEntry("pointsman_hook_seconds_count{hook=\"Route\",outcome=\"ok\"}", 2.0)
          .containsEntry("pointsman_hook_seconds_count{hook=\"Endpoints\",outcome=\"ok\"}", 1.0)
          .containsEntry("pointsman_hook_seconds_count{hook=\"Translation\",outcome=\"ok\"}", 1.0)
          .containsEntry(
              "pointsman_hook_seconds_count{hook=\"Translation\",outcome=\"error\"}", 0.0)
          .containsEntry(
              "pointsman_hook_seconds_bucket{hook=\"Translation\",outcome=\"ok\",le=\"+Inf\"}", 1.0)
          .containsEntry("pointsman_hook_request_bytes_sum{hook=\"Translation\"}", (double) bytes)
          .containsEntry("pointsman_rewritten_resources_total{kind=\"Listener\"}", 1.0)
          .containsEntry("pointsman_rewritten_resources_total{kind=\"RouteConfiguration\"}", 1.0);
      assertThat(ours(after)).isEqualTo(ours(before)); // no call adds a series
    }
  }

  /** The JVM adds one at its first collection. */
  private static Set<String> ours(Map<String, Double> values) {
    return values.keySet().stream()
        .filter(series -> series.startsWith("pointsman_"))
        .collect(Collectors.toSet());
  }

  @Test
  void endpointStreamsPushesAndRefusalsAreCounted() throws Exception {
    Files.writeString(resources.resolve("pool.yaml"), """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: qwen, namespace: default}
        spec:
          selector: {matchLabels: {app: qwen}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
        """);
    try (PointsmanServer server = TestServer.over(resources).start()) {
      ManagedChannel channel = NettyChannelBuilder.forAddress(
              "127.0.0.1", server.ports().eds())
          .usePlaintext()
          .build();
      try {
        BlockingQueue<DiscoveryResponse> answers = new LinkedBlockingQueue<>();
        StreamObserver<DiscoveryRequest> requests = EndpointDiscoveryServiceGrpc.newStub(channel)
            .streamEndpoints(new StreamObserver<>() {
              @Override
              public void onNext(DiscoveryResponse answer) {
                answers.add(answer);
              }

              @Override
              public void onError(Throwable t) {}

              @Override
              public void onCompleted() {}
            });
        DiscoveryRequest request = DiscoveryRequest.newBuilder()
            .setTypeUrl("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment")
            .addResourceNames("inferencepool/inference.networking.k8s.io/default/qwen")
            .build();
        requests.onNext(request);
        DiscoveryResponse answer = answers.poll(20, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        requests.onNext(request.toBuilder()
            .setResponseNonce(answer.getNonce())
            .setErrorDetail(com.google.rpc.Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage("no"))
            .build());
        within(
            SOON,
            () -> assertThat(scrape(server))
                .containsEntry("pointsman_eds_nacks_total", 1.0)
                .containsEntry("pointsman_eds_streams", 1.0)
                .containsEntry("pointsman_objects{kind=\"InferencePool\"}", 1.0)
                .hasEntrySatisfying(
                    "pointsman_eds_pushes_total", pushes -> assertThat(pushes).isPositive()));
      } finally {
        channel.shutdownNow();
      }
      within(SOON, () -> assertThat(scrape(server)).containsEntry("pointsman_eds_streams", 0.0));
    }
  }

  @Test
  void problemsOfFilesAreCountedAndSaid() throws Exception {
    Path file = resources.resolve("broken.yaml");
    Files.writeString(file, "kind: [oops\n");
    Files.writeString(
        resources.resolve("pod.yaml"), "{apiVersion: v1, kind: Pod, metadata: {name: a/b}}");
    try (PointsmanServer server = TestServer.over(resources).start()) {
      within(
          SOON,
          () -> assertThat(scrape(server))
              .containsEntry("pointsman_diagnostics{reason=\"InvalidObject\"}", 2.0));
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
      within(
          SOON,
          () ->
              assertThat(http(server.ports().admin(), "/readyz", "*/*").body()).isEqualTo("ok\n"));
      assertThat(scrape(server))
          .containsEntry("pointsman_diagnostics{reason=\"InvalidObject\"}", 0.0);
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
      assertThat(http(server.ports().admin(), "/readyz", "*/*").body()).isEqualTo("ok\n");

      source.state = new SourceState(
          Set.of(), Optional.of(Instant.parse("2026-11-22T20:00:00.5Z")), List.of());
      HttpResponse<String> outage = http(server.ports().admin(), "/readyz", "*/*");
      assertThat(outage.statusCode()).isEqualTo(200);
      assertThat(outage.body())
          .isEqualTo(
              "ok\nsource disconnected since 2026-11-22T20:00:00Z: serving what was read before\n");
      assertThat(scrape(server)).containsEntry("pointsman_source_connected", 0.0);
    }
  }
}
