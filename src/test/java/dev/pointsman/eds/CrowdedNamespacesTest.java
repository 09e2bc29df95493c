package dev.pointsman.eds;

import static dev.pointsman.eds.CacheServer.receive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import dev.pointsman.rig.Logged;
import dev.pointsman.xds.SubsetResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Teams with more subsets than there is room for: room for four. */
class CrowdedNamespacesTest {
  private static final PoolRef A = new PoolRef(PoolRef.V1, "team-a", "qwen");
  private static final PoolRef B = new PoolRef(PoolRef.V1, "team-b", "qwen");
  private static final PoolRef MODELS = new PoolRef(PoolRef.V1, "models", "qwen");

  private final CacheServer server = server();

  private static CacheServer server() {
    return CacheServer.of(new EndpointCache(
        new VersionPrefix("test"),
        new AskedEndpoints(4, Duration.ofDays(1), System::nanoTime),
        new MissingObjects(_ -> false),
        new CacheDelays(Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofMinutes(1))));
  }

  static Stream<Named<Function<CacheServer, TestStream>>> protocols() {
    return Stream.of(
        Named.of("state of the world", one -> new TestStream.WholeStream(one.stub())),
        Named.of("delta", one -> new TestStream.DeltaStream(one.stub())));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aTeamThatTakesAllRoomLeavesAnotherItsPart() throws Exception {
    server.serve(pods(1));
    List<TestStream> ofA = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      ofA.add(server.gets(subset(A, i), 1));
    }
    TestStream first = server.gets(subset(B, 1), 1);
    TestStream second = server.gets(subset(B, 2), 1);
    server.gets(subset(B, 3), 0); // half of the room is a part
    server.serve(pods(2));
    receive(first, 2);
    receive(second, 2);
    receive(ofA.get(0), 2);
    receive(ofA.get(1), 2);
    assertThat(ofA.get(2).isQuiet()).isTrue();
    assertThat(ofA.get(3).isQuiet()).isTrue();
  }

  @Test
  void aTeamWithoutRoomGetsThatOfNobody() throws Exception {
    server.serve(pods(1));
    server.gets(subset(A, 1), 1);
    server.gets(subset(B, 1), 1);
    TestStream thirdOfA = server.gets(subset(A, 2), 1);
    server.gets(subset(A, 3), 1);
    server.gets(subset(A, 4), 0);
    server.serve(pods(2));
    receive(thirdOfA, 2);
  }

  /** The pool's namespace is neither's: it lets both use its pool. */
  @Test
  void aTeamThatTakesAllRoomOfASharedPoolLeavesAnotherItsPart() throws Exception {
    server.serve(pods(1));
    TestStream first = server.gets(subset("team-a", MODELS, 1), 1);
    server.gets(subset("team-a", MODELS, 2), 1);
    server.gets(subset("team-a", MODELS, 3), 1);
    TestStream fourth = server.gets(subset("team-a", MODELS, 4), 1);
    TestStream other = server.gets(subset("team-b", MODELS, 5), 1);
    server.serve(pods(2));
    receive(other, 2);
    receive(first, 2);
    assertThat(fourth.isQuiet()).isTrue();
  }

  /** A proxy may think up namespaces, and each would be another one with few names. */
  @Test
  void namespacesWithoutRoutesHaveNoPart() throws Exception {
    server.serve(pods(1));
    for (int i = 1; i <= 4; i++) {
      server.gets(subset("no-team-" + i, MODELS, 1), 1);
    }
    TestStream first = server.gets(subset("team-a", MODELS, 1), 1);
    server.gets(subset("team-a", MODELS, 2), 1);
    server.serve(pods(2));
    receive(first, 2);
  }

  /** A proxy may think up names. */
  @Test
  void namesWithoutObjectsTakeNobodysRoom() throws Exception {
    server.serve(pods(1));
    for (int i = 1; i <= 10; i++) {
      server.asks(subset(new PoolRef(PoolRef.V1, "no-team-" + i, "qwen"), 1));
    }
    TestStream first = server.gets(subset(A, 1), 1);
    TestStream second = server.gets(subset(A, 2), 1);
    server.serve(pods(2));
    receive(first, 2);
    receive(second, 2);
  }

  /** The order in which proxies ask a new replica is another one each time. */
  @ParameterizedTest
  @MethodSource("protocols")
  void aProxyKeepsItsEndpointsOfANameWithoutRoom(Function<CacheServer, TestStream> protocol)
      throws Exception {
    server.serve(pods(1));
    for (int i = 1; i <= 4; i++) {
      server.gets(subset(A, i), 1);
    }
    TestStream proxy = protocol.apply(server);
    proxy.resubscribe("of another process", subset(A, 5));
    assertThat(proxy.isQuiet()).isTrue();
    server.serve(pods(2));
    assertThat(proxy.isQuiet()).isTrue();
  }

  /** Proxies connect before the objects are read. */
  @Test
  void earlyNamesHaveTheirRoomByTheirObjects() throws Exception {
    for (int i = 1; i <= 4; i++) {
      TestStream _ = server.asks(subset(A, i));
    }
    TestStream first = server.asks(subset(B, 1));
    server.serve(pods(1));
    receive(first, 1);
  }

  /** A week may lie between two crowds. */
  @Test
  void theLogSaysAgainThatThereIsNoRoom() {
    AtomicLong now = new AtomicLong();
    AskedEndpoints asked = new AskedEndpoints(1, Duration.ofDays(30), now::get);
    assertThat(asked.refuses(subset(A, 1), pods(1), _ -> {})).isFalse();
    try (Logged log = new Logged()) {
      assertThat(asked.refuses(subset(A, 2), pods(1), _ -> {})).isTrue();
      assertThat(asked.refuses(subset(A, 3), pods(1), _ -> {})).isTrue();
      assertThat(log.lines()).singleElement().asString().contains("team-a");
      now.addAndGet(Duration.ofMinutes(1).toNanos());
      assertThat(asked.refuses(subset(A, 2), pods(1), _ -> {})).isTrue();
      assertThat(log.lines()).hasSize(2);
    }
  }

  private static String subset(PoolRef pool, int number) {
    return subset(pool.namespace(), pool, number);
  }

  private static String subset(String namespace, PoolRef pool, int number) {
    Subset labels = new Subset(namespace, new TreeMap<>(Map.of("label-" + number, "")));
    return new SubsetResource("", List.of(pool), labels).name();
  }

  /** So many pods of each team, with all labels. */
  private static ClusterSnapshot pods(int count) {
    Map<String, String> labels = new TreeMap<>(Map.of("app", "qwen"));
    for (int i = 1; i <= 5; i++) {
      labels.put("label-" + i, "");
    }
    ClusterObjects objects = new ClusterObjects();
    for (PoolRef pool : List.of(A, B, MODELS)) {
      if (pool != MODELS) {
        objects.add(new HttpRouteRules(pool.namespace(), "llm", "", List.of()));
      }
      objects.add(new InferencePool(
          pool, Map.of("app", "qwen"), List.of(8000), AppProtocol.HTTP, Optional.empty()));
      for (int i = 1; i <= count; i++) {
        String address = "10.0.0." + i;
        objects.add(
            new Pod(pool.namespace(), "qwen-" + i, labels, address, List.of(), Pod.Phase.READY));
      }
    }
    return objects.snapshot();
  }
}
