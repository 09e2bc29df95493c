package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.eds.TestStream.StreamAnswer;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EndpointCacheTest {
  private final EndpointCache cache = new EndpointCache(
      new VersionPrefix("test"),
      new AskedEndpoints(10, Duration.ZERO, System::nanoTime),
      new MissingObjects(_ -> false),
      new CacheDelays(Duration.ofMillis(600), Duration.ofMillis(200), Duration.ofMillis(300)));
  private final Map<PoolRef, Integer> pods = new HashMap<>();
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

  static Stream<Named<Function<EndpointDiscoveryServiceStub, TestStream>>> protocols() {
    return Stream.of(
        Named.of("state of the world", TestStream.WholeStream::new),
        Named.of("delta", TestStream.DeltaStream::new));
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void anUnknownNameIsAnsweredWhenItBecomesKnown(
      Function<EndpointDiscoveryServiceStub, TestStream> protocol) throws Exception {
    TestStream stream = protocol.apply(stub);
    stream.subscribe(name("a"));
    assertThat(stream.isQuiet()).isTrue();
    put("b", 1);
    assertThat(stream.isQuiet()).isTrue();
    put("a", 2);
    assertThat(next(stream).hosts()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void acknowledgedEndpointsAreNotSentAgain(
      Function<EndpointDiscoveryServiceStub, TestStream> protocol) throws Exception {
    put("a", 1);
    TestStream stream = protocol.apply(stub);
    stream.subscribe(name("a"));
    stream.acknowledge(next(stream));
    assertThat(stream.isQuiet()).isTrue();
    put("a", 0);
    StreamAnswer empty = next(stream);
    assertThat(empty.hosts()).isZero();
    assertThat(empty.assignments()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void aRemovedNameIsDroppedOnceNoStreamWaitsForIt(
      Function<EndpointDiscoveryServiceStub, TestStream> protocol) throws Exception {
    put("a", 1);
    put("b", 1);
    TestStream stream = protocol.apply(stub);
    stream.subscribe(name("a"));
    stream.acknowledge(next(stream));
    pods.clear();
    serve();
    StreamAnswer empty = next(stream);
    assertThat(empty.hosts()).isZero();
    stream.acknowledge(empty);
    await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
      TestStream late = protocol.apply(stub);
      late.subscribe(name("b"));
      assertThat(late.isQuiet()).as("b has been dropped").isTrue();
    });
    TestStream another = protocol.apply(stub);
    another.subscribe(name("a"));
    assertThat(next(another).hosts()).as("a stream waits for it").isZero();
    put("a", 2);
    assertThat(next(stream).hosts()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void aChangeBeforeTheAcknowledgementIsNotLost(
      Function<EndpointDiscoveryServiceStub, TestStream> protocol) throws Exception {
    put("a", 1);
    TestStream stream = protocol.apply(stub);
    stream.subscribe(name("a"));
    StreamAnswer first = next(stream);
    put("a", 2);
    put("a", 3);
    stream.acknowledge(first);
    assertThat(next(stream).hosts()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void aNameAddedToAStreamIsAnswered(Function<EndpointDiscoveryServiceStub, TestStream> protocol)
      throws Exception {
    put("b", 2); // before a, so that its version is the smaller
    put("a", 1);
    TestStream stream = protocol.apply(stub);
    stream.subscribe(name("a"));
    stream.acknowledge(next(stream));
    assertThat(stream.isQuiet()).isTrue();
    stream.subscribe(name("a"), name("b"));
    assertThat(next(stream).assignments()).extracting(a -> a.getClusterName()).contains(name("b"));
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void aRefusedAnswerIsRepeatedAfterAWhileOrReplacedAtOnce(
      Function<EndpointDiscoveryServiceStub, TestStream> protocol) throws Exception {
    put("a", 1);
    TestStream stream = protocol.apply(stub);
    stream.subscribe(name("a"));
    stream.refuse(next(stream));
    assertThat(stream.isQuiet()).isTrue();
    StreamAnswer repeated = next(stream);
    assertThat(repeated.hosts()).isEqualTo(1);
    stream.refuse(repeated);
    assertThat(stream.isQuiet()).isTrue();
    put("a", 2);
    assertThat(next(stream).hosts()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void aChangeCostsOneAnswer(Function<EndpointDiscoveryServiceStub, TestStream> protocol)
      throws Exception {
    List<TestStream> streams = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      put("pool" + i, 1);
      TestStream stream = protocol.apply(stub);
      stream.subscribe(name("pool" + i));
      stream.acknowledge(next(stream));
      streams.add(stream);
    }
    put("pool7", 2);
    assertThat(next(streams.get(7)).hosts()).isEqualTo(2);
    await()
        .during(Duration.ofMillis(200))
        .until(() -> streams.stream().allMatch(stream -> stream.answers().isEmpty()));
  }

  @Test
  void eachAssignmentHasOneWeightedLocalityWithItsEndpointsInOrder() {
    Assignment assignment =
        new Assignment("a", 1, List.of(new Endpoint("::1", 80), new Endpoint("10.0.0.2", 81)));
    assertThat(assignment.message().getEndpointsList()).singleElement().satisfies(locality -> {
      assertThat(locality.getLoadBalancingWeight().getValue()).isEqualTo(1);
      assertThat(locality.getLbEndpointsList())
          .extracting(one -> one.getEndpoint().getAddress().getSocketAddress())
          .extracting(at -> at.getAddress() + " " + at.getPortValue())
          .containsExactly("::1 80", "10.0.0.2 81");
    });
    assertThat(new Assignment("a", 1, List.of()).message().getEndpointsList())
        .singleElement()
        .extracting(locality -> locality.getLoadBalancingWeight().getValue())
        .isEqualTo(1);
  }

  @Test
  void noStreamKeepsTheNode() {
    PendingWatch.Sotw watch = PendingWatch.Sotw.of(
        false,
        XdsRequest.create(DiscoveryRequest.newBuilder().setNode(TestStream.NODE).build()),
        Set.of(),
        _ -> {});
    PendingWatch.Delta delta = PendingWatch.Delta.of(
        DeltaXdsRequest.create(
            DeltaDiscoveryRequest.newBuilder().setNode(TestStream.NODE).build()),
        Map.of(),
        Set.of(),
        _ -> {});
    assertThat(watch.watch().request().v3Request().hasNode()).isFalse();
    assertThat(Objects.requireNonNull(delta.watch().request().v3Request()).hasNode())
        .isFalse();
  }

  /** So many pods in the pool. */
  private void put(String pool, int hosts) {
    pods.put(ref(pool), hosts);
    serve();
  }

  private void serve() {
    cache.serve(EdsServer.snapshot(pods));
  }

  private static PoolRef ref(String pool) {
    return new PoolRef(PoolRef.V1, "default", pool);
  }

  private static String name(String pool) {
    return EdsNames.of(ref(pool));
  }

  private static StreamAnswer next(TestStream stream) throws InterruptedException {
    return Objects.requireNonNull(stream.next(), "no answer");
  }
}
