package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.server.HookServer;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Envoy Gateway's connection ends after the Endpoints hook; the Translation hook comes on another one. */
class LostConnectionTest {
  private final Seen seen = GoldenCase.named("weights-two-pools").seen();
  private final PostTranslateModifyResponse told =
      seen.answer(ClusterSnapshot.EMPTY).response();
  private final PostTranslateModifyResponse untold = new Hooks(
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

  private void tell(List<PostEndpointsModifyRequest> endpoints) {
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
  void withoutALossTheTranslationKnowsWhatWasTold() throws Exception {
    tell(seen.endpoints());
    assertSame(told, translate());
    tell(otherwise());
    assertThat(translate()).isNotEqualTo(told).isNotEqualTo(untold);
  }

  @Test
  void theTranslationAfterALossIsOneThatWasToldNothing() throws Exception {
    tell(otherwise());
    lose();
    assertSame(untold, translate());
  }

  @Test
  void theNextWholeTranslationIsAsIfNothingHadHappened() throws Exception {
    tell(otherwise());
    lose();
    tell(seen.endpoints());
    assertSame(told, translate());
    assertSame(untold, translate()); // and that one has used it up
  }

  private static void assertSame(
      PostTranslateModifyResponse expected, PostTranslateModifyResponse answer) {
    Answers.assertSame("weights-two-pools", expected, answer);
  }
}
