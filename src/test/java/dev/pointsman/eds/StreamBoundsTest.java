package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that reads nothing, or asks for all names there could be, has its share of the memory and no more. */
class StreamBoundsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final PoolRef POOL = new PoolRef(PoolRef.V1, "default", "qwen");
  private static final String NAME = EdsNames.of(POOL);
  private static final DiscoveryRequest LONG_NAMES = DiscoveryRequest.newBuilder()
      .setNode(TestStream.NODE)
      .addResourceNames(NAME)
      .addAllResourceNames(IntStream.range(10_000, 16_000)
          .mapToObj(i -> EdsNames.of(new PoolRef(PoolRef.V1, "default", i + "x".repeat(248))))
          .toList())
      .build();
  private static final int PODS = 2_000;
  private static final int STREAMS = 500;
  private static final long MOST_UNREAD = 16 << 20;

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger responses = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final EndpointDiscovery discovery =
      new EndpointDiscovery(_ -> true, new DiscoveryServerCallbacks() {
        @Override
        public void onV3StreamRequest(long stream, DiscoveryRequest request) {
          requests.incrementAndGet();
        }

        @Override
        public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
          requests.incrementAndGet();
        }

        @Override
        public void onV3StreamDeltaResponse(
            long stream, DeltaDiscoveryRequest request, DeltaDiscoveryResponse response) {
          responses.incrementAndGet();
          bytes.addAndGet(response.getSerializedSize());
        }

        @Override
        public void onV3StreamResponse(
            long stream, DiscoveryRequest request, DiscoveryResponse response) {
          responses.incrementAndGet();
          bytes.addAndGet(response.getSerializedSize());
        }
      });
  private final List<ManagedChannel> channels = new ArrayList<>();
  private Server server;

  @BeforeEach
  void serve() throws IOException {
    server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
        .addService(discovery.service())
        .build()
        .start();
    Map<String, String> labels = Map.of("app", "qwen");
    ClusterObjects objects = new ClusterObjects();
    objects.add(new InferencePool(POOL, labels, List.of(8000), AppProtocol.HTTP, Optional.empty()));
    for (int i = 0; i < PODS; i++) {
      String address = "10.0.%d.%d".formatted(i / 250, i % 250);
      objects.add(new Pod("default", "qwen" + i, labels, address, List.of(), Pod.Phase.READY));
    }
    discovery.accept(objects.snapshot());
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.shutdownNow();
    discovery.close();
  }

  /** A proxy on another host than the others. */
  private EndpointDiscoveryServiceStub proxy(String address) {
    channels.add(NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .localSocketPicker(new UnreadStream.From(address))
        .flowControlWindow(65_535)
        .maxInboundMessageSize(16 << 20)
        .build());
    return EndpointDiscoveryServiceGrpc.newStub(channels.getLast());
  }

  @Test
  void anotherProxyIsAnsweredBesideOneThatReadsNothing() throws Exception {
    List<UnreadStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse>> streams = new ArrayList<>();
    EndpointDiscoveryServiceStub greedy = proxy("127.0.0.2");
    for (int i = 0; i < STREAMS; i++) {
      streams.add(new UnreadStream<>());
      greedy
          .deltaEndpoints(streams.getLast())
          .onNext(DeltaDiscoveryRequest.newBuilder()
              .setNode(TestStream.NODE)
              .addResourceNamesSubscribe(NAME)
              .build());
    }
    await("the requests").atMost(SOON).until(() -> requests.get() == STREAMS);
    processed();
    assertAnotherIsAnswered();
    long size = bytes.get() / responses.get();
    assertThat(size * STREAMS).as("bytes without a bound").isGreaterThan(3 * MOST_UNREAD);
    assertThat(bytes.get()).isLessThan(MOST_UNREAD + 3 * size);

    streams.forEach(stream -> stream.requests.request(1));
    for (UnreadStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream : streams) {
      assertThat(stream.first.get(60, TimeUnit.SECONDS).getResourcesList())
          .as("nothing is lost for a proxy that reads at last")
          .hasSize(1);
    }
  }

  /** Nonces are numbers, so that a client can acknowledge responses that it has not read. */
  @Test
  void acknowledgementsOfUnreadResponsesGetNoMore() throws Exception {
    UnreadStream<DiscoveryRequest, DiscoveryResponse> stream = new UnreadStream<>();
    var asking = proxy("127.0.0.2").streamEndpoints(stream);
    int before = -1;
    for (int i = 0; i < STREAMS && responses.get() > before; i++) {
      before = responses.get();
      int sent = requests.get();
      asking.onNext(DiscoveryRequest.newBuilder()
          .setNode(TestStream.NODE)
          .addResourceNames(NAME)
          .setResponseNonce(i == 0 ? "" : String.valueOf(i - 1))
          .build());
      await("the request").atMost(SOON).until(() -> requests.get() > sent);
      processed();
    }
    assertThat(bytes.get()).isLessThan(MOST_UNREAD + 3 * bytes.get() / responses.get());
    assertAnotherIsAnswered();
  }

  /** Returns when the requests so far have been processed. */
  private void processed() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    discovery.run(latch::countDown);
    assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private void assertAnotherIsAnswered() throws InterruptedException {
    TestStream other = new TestStream.DeltaStream(proxy("127.0.0.3"));
    other.subscribe(NAME);
    TestStream.StreamAnswer answer = other.answers().poll(60, TimeUnit.SECONDS);
    assertThat(Objects.requireNonNull(answer).hosts()).isEqualTo(PODS);
  }

  @Test
  void aStreamAsksForTheNamesOfTenThousandPoolsAndNotForMore() throws Exception {
    List<String> names = IntStream.range(0, 20_001)
        .mapToObj(i -> EdsNames.of(new PoolRef(PoolRef.V1, "default", "pool-" + i)))
        .toList();
    UnreadStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream = new UnreadStream<>();
    var asking = proxy("127.0.0.2").deltaEndpoints(stream);
    asking.onNext(DeltaDiscoveryRequest.newBuilder()
        .setNode(TestStream.NODE)
        .addAllResourceNamesSubscribe(names.subList(0, 10_001))
        .build());
    asking.onNext(DeltaDiscoveryRequest.newBuilder()
        .addAllResourceNamesUnsubscribe(names.subList(10_000, 10_001))
        .addAllResourceNamesSubscribe(names.subList(10_001, 20_001))
        .build());
    await("the requests").atMost(SOON).until(() -> requests.get() == 2);
    asking.onNext(DeltaDiscoveryRequest.newBuilder()
        .addResourceNamesSubscribe(names.get(10_000))
        .build());
    Status end = stream.end.get(60, TimeUnit.SECONDS);
    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("20000 names");
    assertAnotherIsAnswered();
  }

  @Test
  void theStreamsOfAnAddressShareTheRoomForNames() throws Exception {
    EndpointDiscoveryServiceStub greedy = proxy("127.0.0.2");
    List<UnreadStream<DiscoveryRequest, DiscoveryResponse>> streams = new ArrayList<>();
    for (int i = 0; i < 35; i++) {
      streams.add(new UnreadStream<>());
      greedy.streamEndpoints(streams.getLast()).onNext(LONG_NAMES);
    }
    // Long requests of one connection arrive in any order.
    await("a stream for which there is no room")
        .atMost(SOON)
        .until(() -> streams.stream().anyMatch(stream -> stream.end.isDone()));
    assertThat(streams)
        .filteredOn(stream -> stream.end.isDone())
        .allMatch(stream -> stream.end.join().getCode() == Status.Code.RESOURCE_EXHAUSTED);
    assertAnotherIsAnswered();
    streams.forEach(stream -> stream.requests.cancel("given up", null));
    await("room for the names of a new stream").atMost(SOON).until(() -> {
      UnreadStream<DiscoveryRequest, DiscoveryResponse> stream = new UnreadStream<>();
      greedy.streamEndpoints(stream).onNext(LONG_NAMES);
      stream.requests.request(1);
      await("an answer").atMost(SOON).until(() -> stream.first.isDone() || stream.end.isDone());
      return stream.first.isDone();
    });
  }
}
