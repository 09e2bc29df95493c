package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionFutureStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.observe.Metrics;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The answers of a server until it is ready, and while it closes. */
class ServerLifecycleTest extends ServerFixture {
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
        await().during(Duration.ofMillis(200)).until(() -> !call.isDone());
        source.sync();
        assertThat(call.get(10, TimeUnit.SECONDS).getClustersCount()).isZero();
        assertThat(health(channel, "")).isEqualTo(ServingStatus.SERVING);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** A source that keeps the first call waiting until the test lets it go. */
  private static final class HeldSource implements SnapshotSource {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void start(Consumer<ClusterSnapshot> listener) {
      listener.accept(new ClusterObjects().snapshot());
    }

    @Override
    public ClusterSnapshot get() {
      asked.countDown();
      Uninterruptibles.awaitUninterruptibly(released);
      return ClusterSnapshot.EMPTY;
    }

    @Override
    public void close() {}
  }

  @Test
  void closingWaitsForTheCallsThatAreUnderWay() throws Exception {
    HeldSource source = new HeldSource();
    PointsmanServer server =
        new PointsmanServer(TestServer.over(resources).settings(), source, new Metrics());
    server.start();
    assertThat(server.awaitReady(60)).isTrue();
    ManagedChannel channel = connect(server.ports().grpc());
    Thread closing = Thread.ofPlatform().unstarted(server::close);
    try {
      var call =
          EnvoyGatewayExtensionGrpc.newFutureStub(channel).postTranslateModify(payload(MEBIBYTE));
      assertThat(source.asked.await(10, TimeUnit.SECONDS)).isTrue();
      closing.start();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThatThrownBy(() -> EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
                      .postRouteModify(PostRouteModifyRequest.getDefaultInstance()))
                  .hasMessageContaining("UNAVAILABLE"));
      assertThat(closing.isAlive()).isTrue();
      assertThat(call.isDone()).isFalse();
      source.released.countDown();
      assertThat(call.get(10, TimeUnit.SECONDS).getClustersCount()).isEqualTo(16);
      assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
    } finally {
      source.released.countDown();
      channel.shutdownNow();
      server.close();
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
}
