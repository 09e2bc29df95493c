package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.eds.TestStream.StreamAnswer;
import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names count for their client as long as its stream keeps them, whatever it sends: there is room for those of one stream. */
class CountedNamesTest {
  private static final PoolRef POOL = new PoolRef(PoolRef.V1, "default", "qwen");
  private static final MemoryShare SHARE = new MemoryShare(100, 6_000, 16L << 20);
  private static final String[] LONG = IntStream.range(0, 5)
      .mapToObj(i -> EdsNames.of(new PoolRef(PoolRef.V1, "default", i + "x".repeat(250))))
      .toArray(String[]::new);

  private final AtomicInteger requests = new AtomicInteger();
  private final EndpointCache cache = new EndpointCache(
      new VersionPrefix("test"),
      new AskedEndpoints(10, Duration.ZERO, System::nanoTime),
      new MissingObjects(_ -> true),
      new CacheDelays(Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofMinutes(1)));
  private Server server;
  private ManagedChannel channel;
  private EndpointDiscoveryServiceStub stub;

  @BeforeEach
  void serve() throws Exception {
    DiscoveryServerCallbacks count = new DiscoveryServerCallbacks() {
      @Override
      public void onV3StreamRequest(long stream, DiscoveryRequest request) {
        requests.incrementAndGet();
      }

      @Override
      public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
        requests.incrementAndGet();
      }
    };
    String name = UUID.randomUUID().toString();
    server = InProcessServerBuilder.forName(name)
        .addService(ServerInterceptors.intercept(
            new V3DiscoveryServer(count, cache).getEndpointDiscoveryServiceImpl(),
            new RequestCheck(),
            new StreamBounds(cache, SHARE)))
        .build()
        .start();
    channel = InProcessChannelBuilder.forName(name).build();
    stub = EndpointDiscoveryServiceGrpc.newStub(channel);
    cache.serve(EdsServer.snapshot(Map.of(POOL, 1)));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    cache.close();
  }

  /** The library ignores a request with another nonce than that of its last response. */
  @Test
  void aRequestThatIsIgnoredGivesNothingBack() throws Exception {
    TestStream.WholeStream stream = new TestStream.WholeStream(stub);
    stream.subscribe(EdsNames.of(POOL));
    StreamAnswer first = answer(stream);
    stream.acknowledge(first);
    stream.acknowledge(first, LONG);
    stream.acknowledge(
        new StreamAnswer(first.assignments(), first.version(), "99"), EdsNames.of(POOL));
    assertNoMore(4);
  }

  /** The library tracks the names of a response when it is acknowledged, and unsubscribes before. */
  @Test
  void namesThatAreUnsubscribedWithTheirAcknowledgementAreKept() throws Exception {
    TestStream.DeltaStream stream = new TestStream.DeltaStream(stub);
    stream.subscribe(LONG);
    stream.acknowledge(answer(stream), LONG);
    assertNoMore(2);
  }

  /** They wait in the response until it is acknowledged. */
  @Test
  void namesThatAreUnsubscribedBeforeTheirAcknowledgementAreKept() throws Exception {
    TestStream.DeltaStream stream = new TestStream.DeltaStream(stub);
    stream.subscribe(LONG);
    StreamAnswer _ = answer(stream);
    stream.unsubscribe(LONG);
    assertNoMore(2);
  }

  @Test
  void namesThatWaitForAnAcknowledgementOfOthersCount() throws Exception {
    TestStream.DeltaStream stream = new TestStream.DeltaStream(stub);
    stream.subscribe(EdsNames.of(POOL));
    StreamAnswer _ = answer(stream);
    stream.subscribe(LONG);
    assertNoMore(2);
  }

  private static StreamAnswer answer(TestStream stream) throws InterruptedException {
    return Objects.requireNonNull(stream.answers().poll(30, TimeUnit.SECONDS), "no answer");
  }

  /** After so many requests there is no room for the names of another stream. */
  private void assertNoMore(int sent) throws Exception {
    await("the requests").atMost(Duration.ofSeconds(30)).until(() -> requests.get() == sent);
    UnreadStream<DiscoveryRequest, DiscoveryResponse> other = new UnreadStream<>();
    stub.streamEndpoints(other)
        .onNext(DiscoveryRequest.newBuilder()
            .setNode(TestStream.NODE)
            .addAllResourceNames(List.of(LONG))
            .build());
    assertThat(other.end.get(10, TimeUnit.SECONDS).getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }
}
