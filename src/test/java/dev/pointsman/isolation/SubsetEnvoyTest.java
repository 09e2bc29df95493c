package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickers are told the pods of a subset, and no request leaves it, whatever they choose. */
@Tag("envoy")
class SubsetEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-subset");
  private static final Path SHARES = Path.of("testdata", "translate", "policy-subset-of-shares");
  private static final int STABLE = 11;
  private static final int CANARY = 12;

  private final Network network = new Network();
  private final List<String> calls = new CopyOnWriteArrayList<>();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void thePickerChoosesWithin(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ = server(STABLE);
        RawPod _ = server(CANARY);
        ScriptedPicker _ = new ScriptedPicker(network.at(21, 9002), certificate, picks(STABLE));
        RealEnvoy envoy = envoy(
            version,
            folder,
            pod("qwen", STABLE, "stable"),
            pod("qwen", CANARY, "canary"),
            network.picker("qwen-epp", 21))) {
      int port = up(envoy);

      assertThat(ask(port, "qwen")).isEqualTo("pod 11");
      assertThat(calls).containsExactly("asked");
      // The choice of another pod is not honoured.
      for (int bytes : List.of(200, 100_000, 5_000_000)) {
        calls.clear();
        assertThat(OwnAnswers.send(port, "POST", OwnAnswers.CHAT, body(bytes), JSON)
                .body())
            .isEqualTo("pod 12");
        assertThat(calls).containsExactly("[" + network.at(CANARY, 8000) + "]", "asked");
      }
      // Without a model, and from a client that sends the gateway's own headers.
      calls.clear();
      String forged = "x-pointsman-subset: " + network.at(STABLE, 8000);
      assertThat(OwnAnswers.send(port, "GET", "/plain", new byte[0], forged).body())
          .isEqualTo("pod 12");
      assertThat(OwnAnswers.post(port, Client.body("qwen"), JSON, forged).body())
          .isEqualTo("pod 11");
      assertThat(calls).containsExactly("[" + network.at(CANARY, 8000) + "]", "asked", "asked");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void anEmptySubsetIsSaidOrFallsBack(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ = server(STABLE);
        ScriptedPicker _ = new ScriptedPicker(network.at(21, 9002), certificate, picks(STABLE));
        RealEnvoy envoy =
            envoy(version, folder, pod("qwen", STABLE, "other"), network.picker("qwen-epp", 21))) {
      int port = up(envoy);
      calls.clear();
      OwnAnswers.assertError(
          OwnAnswers.post(port, Client.body("qwen-canary"), JSON),
          503,
          "no_endpoints_in_subset",
          "");
      assertThat(calls).isEmpty();
      assertThat(ask(port, "qwen-zonal")).isEqualTo("pod 11");
      assertThat(calls).containsExactly("asked");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void failingOpenStaysWithin(String version, @TempDir Path folder) throws Exception {
    try (RawPod _ = server(STABLE);
        RawPod _ = server(CANARY);
        RealEnvoy envoy = envoy(
            version,
            folder,
            pod("open", STABLE, "stable"),
            pod("open", CANARY, "canary"),
            network.picker("open-epp", 23))) { // where nothing listens
      int port = envoy.listenerPort("default/inference/llm");
      await("the gateway")
          .atMost(OwnAnswers.SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> ask(port, "open").equals("pod 12"));
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        answers.add(ask(port, "open"));
      }
      assertThat(answers).containsOnly("pod 12");
    }
  }

  /** Half of the requests are for a pool whose subset is empty, half for a backend that needs no hint. */
  @ParameterizedTest
  @MethodSource("versions")
  void anEmptySubsetIsThatOfItsShareOnly(String version, @TempDir Path folder) throws Exception {
    Queue<String> heads = new ConcurrentLinkedQueue<>();
    HostPort backend = network.at(31, 8080);
    try (RawPod _ = server(backend, "backend", heads);
        RawPod _ = server(network.at(CANARY, 8000), "bare", heads);
        RealEnvoy envoy = RealEnvoy.start(
            version,
            OwnAnswers.bootstrap(
                    network,
                    SHARES,
                    folder,
                    pod("qwen", STABLE, "stable"),
                    pod("bare", CANARY, "canary"),
                    network.picker("qwen-epp", 21))
                .replaceAll(
                    "address: 127.0.0.1(\\s+)portValue: 13000",
                    "address: " + backend.host() + "$1portValue: " + backend.port()))) {
      int port = envoy.listenerPort("default/inference/llm");
      await("the gateway")
          .atMost(OwnAnswers.SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> shares(port, "bare").contains("200 bare"));
      for (String share : List.of("backend", "bare")) {
        Set<String> answers = shares(port, share);
        assertThat(answers).hasSize(2).contains("200 " + share);
        assertThat(answers)
            .anyMatch(one -> one.startsWith("503 ") && one.contains("no_endpoints_in_subset"));
      }
      assertThat(heads).isNotEmpty().noneMatch(head -> head.contains("x-pointsman-subset"));
    }
  }

  private static Set<String> shares(int port, String path) {
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      HttpResponse<String> answer = OwnAnswers.send(port, "GET", "/" + path, new byte[0]);
      answers.add(answer.statusCode() + " " + answer.body());
    }
    return answers;
  }

  private RealEnvoy envoy(String version, Path folder, String... objects) throws IOException {
    return RealEnvoy.start(version, OwnAnswers.bootstrap(network, RECORDED, folder, objects));
  }

  /** The port of a gateway whose pool's picker is in use. */
  private int up(RealEnvoy envoy) {
    int port = envoy.listenerPort("default/inference/llm");
    await("the picker")
        .atMost(OwnAnswers.SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> ask(port, "qwen").equals("pod 11") && !calls.isEmpty());
    calls.clear();
    return port;
  }

  private static String ask(int port, String model) {
    HttpResponse<String> answer = OwnAnswers.post(port, Client.body(model), JSON);
    return answer.body();
  }

  private static byte[] body(int bytes) {
    return Client.body("qwen-canary", bytes);
  }

  private String pod(String pool, int host, String track) {
    return network
        .pod(pool, host)
        .replace("labels: {app: " + pool, "labels: {track: " + track + ", app: " + pool)
        .replace(pool + "-0", pool + "-" + host);
  }

  private RawPod server(int host) throws IOException {
    return server(network.at(host, 8000), "pod " + host, new ConcurrentLinkedQueue<>());
  }

  private static RawPod server(HostPort at, String body, Queue<String> heads) throws IOException {
    return new RawPod(at, request -> {
      heads.add(request.head());
      return StagesGateway.response(200, body);
    });
  }

  /** A picker that chooses the same pod for each request, and notes what it is told. */
  private ScriptedPicker.Script picks(int host) {
    return new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return network.at(host, 8000).toString();
      }

      @Override
      public void hinted(List<String> endpoints) {
        calls.add(endpoints.toString());
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        calls.add("asked");
        return CommonResponse.newBuilder();
      }
    };
  }
}
