package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.server.HookServer;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Envoy Gateway's connection ends after the Endpoints hook; the Translation hook comes on another one. */
class LostConnectionTest {
  private final Seen seen = GoldenCase.named("weights-two-pools").seen();
  private final PostTranslateModifyResponse withWeights =
      seen.answer(ClusterSnapshot.EMPTY).response();
  private final PostTranslateModifyResponse withoutWeights = new Hooks(
          XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY)
      .connect()
      .translation(seen.request())
      .response();

  private Server server;
  private ManagedChannel channel;
  private EnvoyGatewayExtensionBlockingStub envoyGateway;

  @BeforeEach
  void start() throws Exception {
    server = HookServer.ready().build().start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .build();
    envoyGateway = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private void report(List<PostEndpointsModifyRequest> endpoints) {
    endpoints.forEach(one -> {
      var _ = envoyGateway.postEndpointsModify(one);
    });
  }

  private void lose() {
    channel.enterIdle(); // drops the connection; the next call makes another one
  }

  private PostTranslateModifyResponse translate() {
    return envoyGateway.postTranslateModify(seen.request());
  }

  /** The same backends with other weights. */
  private List<PostEndpointsModifyRequest> otherwise() throws Exception {
    List<PostEndpointsModifyRequest> others = new java.util.ArrayList<>();
    for (PostEndpointsModifyRequest one : seen.endpoints()) {
      ClusterLoadAssignment.Builder assignment =
          ClusterLoadAssignment.parseFrom(one.getLoadAssignment()).toBuilder();
      int weight = 1;
      for (LocalityLbEndpoints.Builder locality : assignment.getEndpointsBuilderList()) {
        locality.getLoadBalancingWeightBuilder().setValue(weight);
        weight += 6;
      }
      ByteString bytes = assignment.build().toByteString();
      others.add(one.toBuilder().setLoadAssignment(bytes).build());
    }
    return others;
  }

  @Test
  void withoutALossTheTranslationHasTheReportedWeights() throws Exception {
    report(seen.endpoints());
    assertSame(withWeights, translate());
    report(otherwise());
    assertThat(translate()).isNotEqualTo(withWeights).isNotEqualTo(withoutWeights);
  }

  @Test
  void theTranslationAfterALossHasNoReportedWeights() throws Exception {
    report(otherwise());
    lose();
    assertSame(withoutWeights, translate());
  }

  @Test
  void theNextWholeTranslationIsAsIfNothingHadHappened() throws Exception {
    report(otherwise());
    lose();
    report(seen.endpoints());
    assertSame(withWeights, translate());
    assertSame(withoutWeights, translate()); // and that one has used it up
  }

  /**
   * The rule's Backend has a host name, which only the Endpoints hook tells. Envoy Gateway is asked to translate again,
   * once, and that translation has it.
   */
  @Test
  void translationThatWasNotToldAHostNameIsAskedForAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    stop();
    server = HookServer.ready(withMixedRoute(), asked::incrementAndGet).build().start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .build();
    envoyGateway = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
    Seen mixed = GoldenCase.named("weights-pool-before-fqdn-backend").seen();
    report(mixed.endpoints());
    lose();
    assertThat(ruleCluster(envoyGateway.postTranslateModify(mixed.request())).getType())
        .isEqualTo(DiscoveryType.EDS);
    await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(asked).hasValue(1));
    ruleCluster(envoyGateway.postTranslateModify(mixed.request())); // without the Endpoints hook
    report(mixed.endpoints());
    Cluster rule = ruleCluster(envoyGateway.postTranslateModify(mixed.request()));
    assertThat(rule.getType()).isEqualTo(DiscoveryType.STRICT_DNS);
    assertThat(rule.getLoadAssignment().toString()).contains("models.example.com");
    assertThat(asked)
        .as("neither a hook that is not called nor a whole translation")
        .hasValue(1);
  }

  @Test
  void aMissingHostNameIsReported() {
    Seen mixed = GoldenCase.named("weights-pool-before-fqdn-backend").seen();
    ClusterSnapshot snapshot = withMixedRoute();
    TranslationResult untoldNames =
        new Hooks(XdsSettings.DEFAULT, () -> snapshot).connect().translation(mixed.request());
    assertThat(untoldNames.diagnostics())
        .extracting(Diagnostic::reason)
        .contains(Reason.UnknownEndpoints);
    assertThat(untoldNames.incompleteRoutes())
        .containsExactly(new ObjectRef("HTTPRoute", "default", "mixed"));
    assertThat(mixed.answer(snapshot).incompleteRoutes()).isEmpty();
  }

  /** Two of three pools have the weight of the missing one. The next translation would be told the same. */
  @Test
  void weightsThatFitTwiceAreNotAskedForAgain() {
    TranslationResult ambiguous =
        GoldenCase.named("weights-canary-missing").seen().answer(ClusterSnapshot.EMPTY);
    assertThat(ambiguous.diagnostics())
        .extracting(Diagnostic::reason)
        .contains(Reason.AmbiguousWeights);
    assertThat(ambiguous.incompleteRoutes()).isEmpty();
  }

  private static ClusterSnapshot withMixedRoute() {
    ClusterObjects objects = new ClusterObjects();
    objects.add(new HttpRouteRules(
        "default",
        "mixed",
        "",
        List.of(new Rule(
            "",
            List.of(
                new BackendRef(
                    "inference.networking.k8s.io", "InferencePool", "default", "qwen", 70),
                new BackendRef("gateway.envoyproxy.io", "Backend", "default", "cloud", 30))))));
    return objects.snapshot();
  }

  private static Cluster ruleCluster(PostTranslateModifyResponse answer) throws Exception {
    for (ByteString bytes : answer.getClustersList()) {
      Cluster cluster = Cluster.parseFrom(bytes);
      if (cluster.getName().equals("httproute/default/mixed/rule/0")) {
        return cluster;
      }
    }
    throw new AssertionError("no cluster of the rule");
  }

  private static void assertSame(
      PostTranslateModifyResponse expected, PostTranslateModifyResponse answer) {
    SameAnswers.assertSame("weights-two-pools", expected, answer);
  }
}
