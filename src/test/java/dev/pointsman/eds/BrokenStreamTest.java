package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.eds.TestStream.StreamAnswer;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that breaks while it is answered costs nobody else a change. */
class BrokenStreamTest {
  private static final PoolRef LLAMA = new PoolRef(PoolRef.V1, "default", "llama");
  private static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");

  private final EndpointCache cache = new EndpointCache(
      new VersionPrefix("test"),
      new AskedEndpoints(10, Duration.ZERO, System::nanoTime),
      Duration.ofMillis(100),
      Duration.ofMinutes(1));
  private Server server;
  private ManagedChannel channel;
  private EndpointDiscoveryServiceStub stub;

  @BeforeEach
  void start() throws IOException {
    String name = UUID.randomUUID().toString();
    server = InProcessServerBuilder.forName(name)
        .addService(new V3DiscoveryServer(cache).getEndpointDiscoveryServiceImpl())
        .build()
        .start();
    channel = InProcessChannelBuilder.forName(name).build();
    stub = EndpointDiscoveryServiceGrpc.newStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    cache.close();
  }

  @Test
  void othersGetTheChangeOfItsNameAndOfFurtherNames() throws Exception {
    watch(LLAMA, _ -> {
      throw new IllegalStateException("call is closed");
    });
    TestStream llama = subscribed(LLAMA);
    TestStream qwen = subscribed(QWEN);
    cache.serve(pods(1));
    acknowledge(llama, 1);
    acknowledge(qwen, 1);
    watch(LLAMA, _ -> {
      throw new IllegalStateException("call is closed");
    });
    cache.serve(pods(2));
    acknowledge(llama, 2);
    acknowledge(qwen, 2);
    acknowledge(subscribed(QWEN), 2);
  }

  @Test
  void itIsAnsweredOnceThatWorks() throws Exception {
    AtomicInteger failures = new AtomicInteger(2);
    CountDownLatch answered = new CountDownLatch(1);
    watch(LLAMA, _ -> {
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("not now");
      }
      answered.countDown();
    });
    cache.serve(pods(1));
    assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private void watch(PoolRef pool, Consumer<Response> consumer) {
    XdsRequest request = XdsRequest.create(DiscoveryRequest.newBuilder()
        .setTypeUrl(TestStream.AnswerObserver.TYPE)
        .addResourceNames(EdsNames.of(pool))
        .build());
    Watch _ = cache.createWatch(false, request, Set.of(), consumer, false, false);
  }

  private TestStream subscribed(PoolRef pool) {
    TestStream stream = new TestStream.DeltaStream(stub);
    stream.subscribe(EdsNames.of(pool));
    return stream;
  }

  private static void acknowledge(TestStream stream, int hosts) throws InterruptedException {
    StreamAnswer answer =
        Objects.requireNonNull(stream.answers().poll(30, TimeUnit.SECONDS), "no answer");
    assertThat(answer.hosts()).isEqualTo(hosts);
    stream.acknowledge(answer);
  }

  /** So many pods in each of the two pools. */
  private static ClusterSnapshot pods(int count) {
    ClusterObjects objects = new ClusterObjects();
    for (PoolRef pool : List.of(LLAMA, QWEN)) {
      Map<String, String> labels = Map.of("app", pool.name());
      objects.add(
          new InferencePool(pool, labels, List.of(8000), AppProtocol.HTTP, Optional.empty()));
      for (int i = 1; i <= count; i++) {
        objects.add(new Pod(
            "default", pool.name() + i, labels, "10.0.0." + i, List.of(), Pod.Phase.READY));
      }
    }
    return objects.snapshot();
  }
}
