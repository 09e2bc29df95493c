package dev.pointsman.isolation;

import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.isolation.ScriptedPicker.Script;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A real Envoy with two pools of one pod each, "open" and "close" after their failure modes. Each has a picker of two
 * replicas, which say on another port, without TLS, whether they are to be asked.
 */
final class LedPickers implements AutoCloseable {
  static final List<String> POOLS = List.of("open", "close");

  private static final Path RECORDED = Path.of("testdata", "translate", "policy-picker-health");
  private static final String HEALTH_SERVICE = "inference-extension";
  private static final int POD = 11;
  private static final int PICKER = 21;
  private static final int REPLICAS = 2;
  private static final int SEVERAL = 6;
  private static final int SMALL = 100;
  private static final int PATIENCE_MS = 90_000;

  private final Network network = new Network();
  private final Map<String, Pool> pools;
  final RealEnvoy envoy;
  final int port;

  /** A pool with its pod and the replicas of its picker. */
  record Pool(RawPod pod, List<Replica> replicas) {}

  LedPickers(String version, Path folder) throws IOException {
    Authority.Issued certificate = Authority.selfSigned();
    pools = Map.of("open", start(0, certificate), "close", start(1, certificate));
    envoy = RealEnvoy.start(
        version,
        OwnAnswers.bootstrap(
            network,
            RECORDED,
            Files.createDirectories(folder.resolve("objects")),
            network.pod("open", POD),
            network.pod("close", POD + 1),
            service("open-epp", 0),
            service("close-epp", 1)));
    port = envoy.listenerPort("default/inference/llm");
  }

  Pool pool(String name) {
    return Objects.requireNonNull(pools.get(name), name);
  }

  Replica replica(String pool, int number) {
    return pool(pool).replicas().get(number);
  }

  /** Makes one replica of a pool's picker the leader, and waits until Envoy has seen it. */
  void lead(String pool, Replica leader, Replica follower) {
    follower.serving(false);
    leader.serving(true);
    await("the leader to be asked alone")
        .atMost(OwnAnswers.SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> {
          for (int i = 0; i < SEVERAL; i++) {
            int _ = ask(pool, SMALL).status();
          }
          return follower.asked() == 0 & leader.asked() == SEVERAL;
        });
  }

  /** A request for the pool's model with a body of so many bytes. */
  Answer ask(String pool, int bytes) {
    try (KeepAlive connection = new KeepAlive(port)) {
      connection.timeout(PATIENCE_MS);
      return connection.post("any", Client.body(pool, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Pool start(int number, Authority.Issued certificate) throws IOException {
    String endpoint = network.at(POD + number, 8000).toString();
    RawPod pod =
        new RawPod(network.at(POD + number, 8000), request -> TwoTenantsEnvoy.ok("pod", request));
    return new Pool(
        pod,
        List.of(
            new Replica(host(number, 0), certificate, endpoint),
            new Replica(host(number, 1), certificate, endpoint)));
  }

  private static int host(int pool, int replica) {
    return PICKER + REPLICAS * pool + replica;
  }

  /** The picker's Service with both replicas, whatever their health. */
  private String service(String name, int pool) {
    String one = network.picker(name, host(pool, 0));
    String both = IntStream.range(0, REPLICAS)
        .mapToObj(replica -> "\"" + network.at(host(pool, replica), 0).host() + "\"")
        .reduce((left, right) -> left + ", " + right)
        .orElseThrow();
    return one.replace("\"" + network.at(host(pool, 0), 0).host() + "\"", both);
  }

  @Override
  public void close() throws IOException {
    envoy.close();
    for (Pool pool : pools.values()) {
      pool.pod().close();
      pool.replicas().forEach(Replica::close);
    }
  }

  /** A replica of a picker. */
  final class Replica implements Script, AutoCloseable {
    private final String endpoint;
    private final AtomicInteger asked = new AtomicInteger();
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server healthServer;
    private final ScriptedPicker picker;

    private Replica(int host, Authority.Issued certificate, String endpoint) throws IOException {
      this.endpoint = endpoint;
      picker = new ScriptedPicker(network.at(host, 9002), certificate, this);
      healthServer = NettyServerBuilder.forAddress(network.at(host, 9003).socketAddress())
          .addService(health.getHealthService())
          .build()
          .start();
      serving(false);
    }

    /** Says whether it is to be asked; it answers in any case. */
    void serving(boolean is) {
      health.setStatus(HEALTH_SERVICE, is ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** Its requests since the last call of this. */
    int asked() {
      return asked.getAndSet(0);
    }

    /** Plays another script; it goes on to count. */
    void play(Answers answers) {
      picker.play(new Script() {
        @Override
        public String endpoint() {
          return endpoint;
        }

        @Override
        public CommonResponse.Builder request(Map<String, String> headers) {
          answers.beforeTheRequest();
          return Replica.this.request(headers);
        }

        @Override
        public List<ProcessingResponse> insteadOfRequest() {
          return answers.insteadOfRequest();
        }

        @Override
        public List<ProcessingResponse> response(Map<String, String> headers, boolean end) {
          return answers.insteadOfResponse().isEmpty()
              ? Script.super.response(headers, end)
              : answers.insteadOfResponse();
        }

        @Override
        public List<ProcessingResponse> responseBody(HttpBody part) {
          return answers.insteadOfResponseBody().isEmpty()
              ? Script.super.responseBody(part)
              : answers.insteadOfResponseBody();
        }

        @Override
        public End end() {
          return answers.end();
        }
      });
    }

    @Override
    public String endpoint() {
      return endpoint;
    }

    @Override
    public CommonResponse.Builder request(Map<String, String> headers) {
      asked.incrementAndGet();
      return CommonResponse.newBuilder();
    }

    @Override
    public void close() {
      picker.close();
      healthServer.shutdownNow();
    }
  }

  /** The ways in which a picker may differ from an honest one. */
  interface Answers {
    default void beforeTheRequest() {}

    default List<ProcessingResponse> insteadOfRequest() {
      return List.of();
    }

    default List<ProcessingResponse> insteadOfResponse() {
      return List.of();
    }

    default List<ProcessingResponse> insteadOfResponseBody() {
      return List.of();
    }

    default End end() {
      return End.LAST;
    }
  }
}
