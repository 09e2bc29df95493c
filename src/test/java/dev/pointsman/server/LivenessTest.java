package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.pointsman.config.HostPort;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.SourceState;
import dev.pointsman.observe.HookMetrics;
import dev.pointsman.observe.Metrics;
import dev.pointsman.observe.TranslationLog;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** States in which only a restart helps. */
class LivenessTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Readiness ready() {
    Readiness readiness = new Readiness(List.of());
    for (Readiness.Requirement condition : Readiness.Requirement.values()) {
      readiness.met(condition);
    }
    return readiness;
  }

  private static HttpResponse<String> healthz(int port) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void aHookThatHangsFailsHealthz() throws Exception {
    Readiness readiness = ready();
    CallsUnderWay calls = new CallsUnderWay();
    HookMetrics metrics = new Metrics().hooks();
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> {
      hanging.countDown();
      awaitQuietly(released);
      return ClusterSnapshot.EMPTY;
    });
    Server server = GrpcPorts.hooks(
            InProcessServerBuilder.forName("hanging"),
            hooks,
            new HookService(
                readiness,
                metrics,
                new TranslationLog(metrics, _ -> false, List::of)::log,
                calls,
                _ -> {}),
            readiness,
            ByteSize.mebibytes(1))
        .build()
        .start();
    ManagedChannel channel = InProcessChannelBuilder.forName("hanging").build();
    Liveness liveness = new Liveness(readiness, calls, Duration.ofMillis(200));
    try (AdminServer admin = AdminServer.start(
        new HostPort("127.0.0.1", 0),
        new AdminServer.Pages(
            liveness,
            () -> readiness.report(SourceState.CONNECTED, Optional.empty()),
            () -> "",
            new Page(() -> ClusterSnapshot.EMPTY, _ -> false)
                .routes(
                    Set.of(),
                    Optional.empty(),
                    List::of,
                    () -> readiness.report(SourceState.CONNECTED, Optional.empty()))))) {
      assertThat(healthz(admin.port()).statusCode()).isEqualTo(200);
      ByteString cluster = Cluster.newBuilder().setName("c").build().toByteString();
      Future<PostTranslateModifyResponse> call = EnvoyGatewayExtensionGrpc.newFutureStub(channel)
          .postTranslateModify(
              PostTranslateModifyRequest.newBuilder().addClusters(cluster).build());
      assertThat(hanging.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await().atMost(SOON).untilAsserted(() -> {
        HttpResponse<String> answer = healthz(admin.port());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).startsWith("a hook has been running for ");
      });
      released.countDown();
      assertThat(call.get(SOON.toSeconds(), TimeUnit.SECONDS).getClustersList())
          .containsExactly(cluster);
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(healthz(admin.port()).statusCode()).isEqualTo(200));
    } finally {
      released.countDown();
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStartThatDoesNotEndFails() {
    Readiness starting = new Readiness(List.of());
    assertThat(new Liveness(starting, new CallsUnderWay()).failure()).isEmpty();
    assertThat(new Liveness(starting, new CallsUnderWay(), Duration.ZERO).failure())
        .hasValueSatisfying(why -> assertThat(why).startsWith("not started after "));
    starting.met(Readiness.Requirement.LISTENING);
    starting.met(Readiness.Requirement.WARMED_UP); // what is missing now is the source's fault
    assertThat(new Liveness(starting, new CallsUnderWay(), Duration.ZERO).failure())
        .isEmpty();
  }

  @Test
  void aDeadlockFails() throws Exception {
    Liveness liveness = new Liveness(ready(), new CallsUnderWay());
    Lock first = new ReentrantLock();
    Lock second = new ReentrantLock();
    CyclicBarrier both = new CyclicBarrier(2);
    Thread one = locking("one of two", first, second, both);
    Thread other = locking("other of two", second, first, both);
    try {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(liveness.failure())
              .hasValueSatisfying(why -> assertThat(why)
                  .startsWith("deadlocked threads: ")
                  .contains("one of two")
                  .contains("other of two")));
    } finally {
      one.interrupt();
      other.interrupt();
      one.join();
      other.join();
    }
    assertThat(liveness.failure()).isEmpty();
  }

  private static Thread locking(String name, Lock mine, Lock yours, CyclicBarrier both) {
    return Thread.ofPlatform().daemon().name(name).start(() -> {
      try {
        mine.lockInterruptibly();
        try {
          both.await();
          yours.lockInterruptibly();
          yours.unlock();
        } finally {
          mine.unlock();
        }
      } catch (Exception e) {
        Thread.currentThread().interrupt(); // the test has seen it
      }
    });
  }
}
