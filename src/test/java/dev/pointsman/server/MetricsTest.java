package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics after real calls. */
class MetricsTest extends AdminPortFixture {
  private static final String OF_GATEWAY =
      "pointsman_gateway_eds_streams{gateway=\"default/inference\"}";

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
          .containsEntry("pointsman_diagnostics{code=\"PM0012\",reason=\"UnknownWeights\"}", 0.0)
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
        ByteString route = stub.postRouteModify(
                PostRouteModifyRequest.parseFrom(recorded("1-route.pb")))
            .getRoute();
        assertThat(route.isEmpty()).isFalse();
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
      assertThat(ours(after))
          .isEqualTo(ours(before)); // no call adds a series, but those of its Gateway
    }
  }

  /** The JVM adds one at its first collection. */
  private static Set<String> ours(Map<String, Double> values) {
    return values.keySet().stream()
        .filter(series -> series.startsWith("pointsman_") && !series.contains("{gateway="))
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
            .setNode(Node.newBuilder().setCluster("default/inference"))
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
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(scrape(server))
                .containsEntry("pointsman_eds_nacks_total", 1.0)
                .containsEntry("pointsman_eds_streams", 1.0)
                .containsEntry(OF_GATEWAY, 1.0)
                .containsEntry("pointsman_objects{kind=\"InferencePool\"}", 1.0)
                .hasEntrySatisfying(
                    "pointsman_eds_pushes_total", pushes -> assertThat(pushes).isPositive()));
      } finally {
        channel.shutdownNow();
      }
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(scrape(server))
              .containsEntry("pointsman_eds_streams", 0.0)
              .doesNotContainKey(OF_GATEWAY));
    }
  }
}
