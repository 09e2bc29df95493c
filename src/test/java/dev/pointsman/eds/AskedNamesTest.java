package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.eds.TestStream.StreamAnswer;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import dev.pointsman.xds.SubsetResource;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many names that nobody announced, as one proxy may ask for. */
class AskedNamesTest {
  private static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");

  private final EdsServer server = new EdsServer(0).knows(snapshot(1));
  private ManagedChannel channel;
  private EndpointDiscoveryServiceStub stub;

  @BeforeEach
  void connect() {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
        .usePlaintext()
        .build();
    stub = EndpointDiscoveryServiceGrpc.newStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void doNotKeepAnotherProxyFromItsChanges() throws Exception {
    TestStream canary = new TestStream.DeltaStream(stub);
    canary.subscribe(subset("track", "canary"));
    StreamAnswer first = next(canary);
    assertThat(first.hosts()).isEqualTo(1);
    canary.acknowledge(first);
    for (int from : new int[] {0, 6_000}) {
      TestStream many = new TestStream.DeltaStream(stub);
      many.subscribe(IntStream.range(from, from + 6_000)
          .mapToObj(i -> subset("x", Integer.toString(i)))
          .toArray(String[]::new));
      for (int answered = 0; answered < 6_000; ) {
        StreamAnswer some = next(many);
        answered += some.assignments().size();
        many.acknowledge(some);
      }
    }
    EdsServer _ = server.knows(snapshot(2));
    assertThat(next(canary).hosts()).isEqualTo(2);
  }

  /** Else one that asked and left would cost something with each change of a pod. */
  @Test
  void aNameThatNobodyWaitsForAnyLongerIsNotFollowed() {
    AtomicLong now = new AtomicLong();
    AskedEndpoints asked = new AskedEndpoints(10, Duration.ofSeconds(10), now::get);
    Assignments assignments = new Assignments(asked, new MissingObjects(_ -> true));
    var _ = assignments.follow(snapshot(1));
    String name = subset("track", "canary");
    assertThat(assignments.refuse(name, _ -> {})).isFalse();
    asked.awaited(name);
    var _ = assignments.findMissing(Set.of(name));
    asked.left(name);
    now.addAndGet(Duration.ofSeconds(9).toNanos());
    var _ = assignments.findMissing(Set.of());
    assertThat(assignments.of(name)).as("a proxy acknowledges").isNotNull();
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    var _ = assignments.findMissing(Set.of());
    assertThat(assignments.of(name)).isNull();
    assertThat(assignments.follow(snapshot(2)).changed()).doesNotContain(name);
  }

  static String subset(String label, String value) {
    return new SubsetResource(
            "", List.of(QWEN), new Subset("default", new TreeMap<>(Map.of(label, value))))
        .name();
  }

  private static StreamAnswer next(TestStream stream) throws InterruptedException {
    return Objects.requireNonNull(stream.answers().poll(60, TimeUnit.SECONDS), "no answer");
  }

  /** So many pods of a canary. */
  static ClusterSnapshot snapshot(int pods) {
    ClusterObjects objects = new ClusterObjects();
    objects.add(new InferencePool(
        QWEN, Map.of("app", "qwen"), List.of(8000), AppProtocol.HTTP, Optional.empty()));
    for (int i = 1; i <= pods; i++) {
      objects.add(new Pod(
          "default",
          "qwen-" + i,
          Map.of("app", "qwen", "track", "canary", "zone", "a"),
          "10.0.0." + i,
          List.of(),
          Pod.Phase.READY));
    }
    return objects.snapshot();
  }
}
