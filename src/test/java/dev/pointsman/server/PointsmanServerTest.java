package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.StartFailure;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionFutureStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.observe.Metrics;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class PointsmanServerTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir
  private Path resources;

  /** A source that has read everything when the test says so. */
  private static final class LateSource implements SnapshotSource {
    private final CompletableFuture<Consumer<ClusterSnapshot>> listener = new CompletableFuture<>();

    @Override
    public void start(Consumer<ClusterSnapshot> listener) {
      this.listener.complete(listener);
    }

    void sync() {
      listener.join().accept(new ClusterObjects().snapshot());
    }

    @Override
    public ClusterSnapshot get() {
      return ClusterSnapshot.EMPTY;
    }

    @Override
    public void close() {}
  }

  private static ManagedChannel connect(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .maxInboundMessageSize(100 * MEBIBYTE)
        .build();
  }

  private static ServingStatus health(ManagedChannel channel, String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static HttpResponse<String> http(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    }
  }

  /** Clusters whose bytes add up to so many: names that need no rewriting. */
  private static PostTranslateModifyRequest payload(int bytes) {
    PostTranslateModifyRequest.Builder request = PostTranslateModifyRequest.newBuilder();
    int chunk = 64 << 10;
    for (int left = bytes; left > 0; left -= chunk) {
      int size = Math.min(left, chunk);
      byte[] cluster = new byte[size]; // field 1 (name), as long as what is left
      cluster[0] = 0x0a;
      int length = size - 4;
      cluster[1] = (byte) ((length & 0x7f) | 0x80);
      cluster[2] = (byte) (((length >> 7) & 0x7f) | 0x80);
      cluster[3] = (byte) (length >> 14);
      java.util.Arrays.fill(cluster, 4, size, (byte) 'x');
      request.addClusters(ByteString.copyFrom(cluster));
    }
    return request.build();
  }

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
      assertThat(http(server.ports().admin(), "/readyz").body()).isEqualTo("ok\n");
      assertThat(http(server.ports().admin(), "/").statusCode()).isEqualTo(404);
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
  void callsWaitUntilTheSourceHasSynced() throws Exception {
    LateSource source = new LateSource();
    try (PointsmanServer server =
        new PointsmanServer(TestServer.over(resources).settings(), source, new Metrics())) {
      server.start();
      assertThat(server.awaitReady(1)).isFalse();
      ManagedChannel channel = connect(server.ports().grpc());
      try {
        assertThat(health(channel, "")).isEqualTo(ServingStatus.NOT_SERVING);
        HttpResponse<String> notYet = http(server.ports().admin(), "/readyz");
        assertThat(notYet.statusCode()).isEqualTo(503);
        assertThat(notYet.body()).contains("synced");
        var call = EnvoyGatewayExtensionGrpc.newFutureStub(channel)
            .postTranslateModify(PostTranslateModifyRequest.getDefaultInstance());
        Thread.sleep(200);
        assertThat(call.isDone()).isFalse();
        source.sync();
        assertThat(call.get(10, TimeUnit.SECONDS).getClustersCount()).isZero();
        assertThat(health(channel, "")).isEqualTo(ServingStatus.SERVING);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** More connections and calls than the transport has threads. */
  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void callsThatWaitHoldNoThreadOfTheTransport() throws Exception {
    int connections = 4 * Runtime.getRuntime().availableProcessors();
    LateSource source = new LateSource();
    List<ManagedChannel> channels = new ArrayList<>();
    List<ListenableFuture<?>> waiting = new ArrayList<>();
    try (PointsmanServer server =
        new PointsmanServer(TestServer.over(resources).settings(), source, new Metrics())) {
      server.start();
      for (int i = 0; i < connections; i++) {
        ManagedChannel channel = connect(server.ports().grpc());
        channels.add(channel);
        EnvoyGatewayExtensionFutureStub stub = EnvoyGatewayExtensionGrpc.newFutureStub(channel);
        waiting.add(stub.postRouteModify(PostRouteModifyRequest.getDefaultInstance()));
        waiting.add(stub.postEndpointsModify(PostEndpointsModifyRequest.getDefaultInstance()));
        waiting.add(stub.postTranslateModify(PostTranslateModifyRequest.getDefaultInstance()));
      }
      for (ManagedChannel channel : channels) {
        assertThat(HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
            .isEqualTo(ServingStatus.NOT_SERVING);
      }
      assertThat(waiting).noneMatch(ListenableFuture::isDone);
      source.sync();
      for (ListenableFuture<?> call : waiting) {
        assertThat(call.get(10, TimeUnit.SECONDS)).isNotNull();
      }
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
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

  @Test
  void closingLetsACallThatIsUnderWayFinish() throws Exception {
    PointsmanServer server = TestServer.over(resources).start();
    ManagedChannel channel = connect(server.ports().grpc());
    try {
      var call = EnvoyGatewayExtensionGrpc.newFutureStub(channel)
          .postTranslateModify(payload(32 * MEBIBYTE));
      Thread.sleep(50);
      server.close();
      try {
        assertThat(call.get(10, TimeUnit.SECONDS).getClustersCount()).isEqualTo(512);
      } catch (java.util.concurrent.ExecutionException e) {
        // It had not reached the server yet: then it must be one that the caller may repeat.
        assertThat(e).hasMessageContaining("UNAVAILABLE");
      }
      assertThatThrownBy(() -> EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
              .postRouteModify(PostRouteModifyRequest.getDefaultInstance()))
          .hasMessageContaining("UNAVAILABLE");
    } finally {
      channel.shutdownNow();
      server.close();
    }
  }
}
