package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.config.HostPort;
import dev.pointsman.config.StartFailure;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ByteSize;
import dev.pointsman.observe.Metrics;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ports of a server, and the limits of its messages. */
class PointsmanServerTest extends ServerFixture {
  @Test
  void healthAndReflectionAnswerOnBothPorts() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      for (int port : List.of(server.ports().grpc(), server.ports().eds())) {
        ManagedChannel channel = connect(port);
        try {
          assertThat(health(channel, "")).isEqualTo(ServingStatus.SERVING);
          assertThat(health(channel, EnvoyGatewayExtensionGrpc.SERVICE_NAME))
              .isEqualTo(ServingStatus.SERVING);
          assertThat(services(channel))
              .contains("grpc.health.v1.Health")
              .contains(
                  port == server.ports().grpc()
                      ? EnvoyGatewayExtensionGrpc.SERVICE_NAME
                      : EndpointDiscoveryServiceGrpc.SERVICE_NAME);
        } finally {
          channel.shutdownNow();
        }
      }
      assertThat(http(server.ports().admin(), "/healthz").statusCode()).isEqualTo(200);
      assertThat(http(server.ports().admin(), "/readyz").body()).startsWith("ok\n");
      assertThat(http(server.ports().admin(), "/").statusCode()).isEqualTo(200); // the page
      assertThat(http(server.ports().admin(), "/none").statusCode()).isEqualTo(404);
    }
  }

  private static List<String> services(ManagedChannel channel) throws Exception {
    CompletableFuture<List<String>> services = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
        .serverReflectionInfo(new StreamObserver<>() {
          @Override
          public void onNext(ServerReflectionResponse response) {
            services.complete(response.getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName)
                .toList());
          }

          @Override
          public void onError(Throwable t) {
            services.completeExceptionally(t);
          }

          @Override
          public void onCompleted() {}
        });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> names = services.get(10, TimeUnit.SECONDS);
    requests.onCompleted();
    return names;
  }

  @Test
  void aRequestOfTheWholeLimitIsServedAndALargerOneRefused() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      ManagedChannel channel = connect(server.ports().grpc());
      try {
        EnvoyGatewayExtensionBlockingStub stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
        PostTranslateModifyRequest whole = payload(64 * MEBIBYTE);
        PostTranslateModifyResponse answer = stub.postTranslateModify(whole);
        assertThat(answer.getClustersList().equals(whole.getClustersList())).isTrue();
        assertThatThrownBy(() -> stub.postTranslateModify(payload(66 * MEBIBYTE)))
            .isInstanceOf(StatusRuntimeException.class);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void theLimitCanBeLowered() throws Exception {
    try (PointsmanServer server =
        TestServer.over(resources).maxMessage(ByteSize.mebibytes(1)).start()) {
      ManagedChannel channel = connect(server.ports().grpc());
      try {
        EnvoyGatewayExtensionBlockingStub stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
        assertThat(stub.postTranslateModify(payload(MEBIBYTE)).getClustersCount())
            .isEqualTo(16);
        assertThatThrownBy(() -> stub.postTranslateModify(payload(3 * MEBIBYTE)))
            .isInstanceOf(StatusRuntimeException.class)
            .hasMessageContaining("RESOURCE_EXHAUSTED");
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aTakenPortIsNamedWithItsOption() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HostPort there = new HostPort("127.0.0.1", taken.getLocalPort());
      assertRefused(TestServer.over(resources).grpc(there), "--grpc-address " + there);
      assertRefused(TestServer.over(resources).eds(there), "--eds-address " + there);
      assertRefused(TestServer.over(resources).admin(there), "--admin-address " + there);
    }
  }

  private static void assertRefused(TestServer wanted, String said) {
    try (PointsmanServer server = wanted.create(new Metrics())) {
      assertThatThrownBy(server::start)
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining(said)
          .hasMessageContaining("is taken by another process");
    }
  }
}
