package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of requests whose clients have gone do not pile up. */
@Tag("envoy")
class MirroredCopiesEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-mirror-own-picker");
  private static final String SHADOW =
      "cluster.pointsman/mirror/inference_networking_k8s_io/default/shadow";
  private static final int REQUESTS = 20;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  static Stream<Arguments> cases() {
    return Stream.of(RealEnvoy.VERSIONS.getFirst(), RealEnvoy.VERSIONS.getLast())
        .flatMap(version ->
            Stream.of(true, false).map(pickerAnswers -> Arguments.of(version, pickerAnswers)));
  }

  /** The copies' pod never answers, or their picker does not; the limit is 4 s here. */
  @ParameterizedTest(name = "{0}, the mirror''s picker answers: {1}")
  @MethodSource("cases")
  void copiesEnd(String version, boolean pickerAnswers, @TempDir Path folder) throws Exception {
    Network network = new Network();
    Authority.Issued certificate = Authority.selfSigned();
    CountDownLatch end = new CountDownLatch(1);
    AtomicBoolean hold = new AtomicBoolean();
    HostPort pod = network.at(11, 8000);
    HostPort copiesPod = network.at(13, 8000);
    try (RawPod _ = new RawPod(pod, request -> held(hold, end, request));
        RawPod _ = new RawPod(copiesPod, request -> held(hold, end, request));
        ScriptedPicker _ = new ScriptedPicker(network.at(21, 9002), certificate, pod::toString);
        ScriptedPicker copiesPicker =
            new ScriptedPicker(network.at(22, 9002), certificate, copiesPod::toString);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap(network, folder))) {
      int port = envoy.listenerPort("default/inference/llm");
      await("a request and its copy")
          .atMost(LIMIT)
          .until(() -> answers(port) && requests(envoy) > 0);
      if (!pickerAnswers) {
        copiesPicker.play(new ScriptedPicker.Script() {
          @Override
          public String endpoint() {
            return copiesPod.toString();
          }

          @Override
          public List<ProcessingResponse> insteadOfRequest() {
            hold(end);
            return List.of();
          }
        });
      }
      hold.set(true);
      askAndHangUp(port, envoy);
      await("the copies to end").atMost(LIMIT).until(() -> copies(envoy) == 0);
    } finally {
      end.countDown();
    }
  }

  private static void askAndHangUp(int port, RealEnvoy envoy) throws IOException {
    List<KeepAlive> clients =
        Stream.generate(() -> new KeepAlive(port)).limit(REQUESTS).toList();
    for (KeepAlive client : clients) {
      byte[] body = Client.body("qwen", 200);
      client.send("POST", "any", List.of("content-length: " + body.length), body);
    }
    await("the copies")
        .atMost(LIMIT)
        .until(() -> copies(envoy) >= REQUESTS); // and perhaps that of before
    clients.forEach(KeepAlive::close);
    await("the originals to end")
        .atMost(LIMIT)
        .until(() -> envoy.stat("http.http-8080.downstream_rq_active") == 0);
    assertThat(copies(envoy)).as("copies that outlive their client").isPositive();
  }

  private static byte[] held(AtomicBoolean hold, CountDownLatch end, RawPod.RawRequest request) {
    if (hold.get()) {
      hold(end);
    }
    return TwoTenantsEnvoy.ok("any", request);
  }

  private static void hold(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean answers(int port) {
    try (KeepAlive client = new KeepAlive(port)) {
      return client.post("any", Client.body("qwen", 200)).status() == 200;
    } catch (IOException | UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  /** Copies under way, those that wait for their picker among them. */
  private static long copies(RealEnvoy envoy) {
    return envoy.stat(SHADOW + "/of/default/inference/llm.upstream_rq_active");
  }

  private static long requests(RealEnvoy envoy) {
    return envoy.stat(SHADOW + ".upstream_rq_total");
  }

  private static String bootstrap(Network network, Path folder) throws IOException {
    Path resources = Files.createDirectory(folder.resolve("resources"));
    Files.writeString(
        resources.resolve("cluster.yaml"),
        Files.readString(RECORDED.resolve("resources").resolve("cluster.yaml"))
            .replace("podIP: 10.0.0.1,", "podIP: " + network.at(11, 8000).host() + ",")
            .replace("podIP: 10.0.0.3,", "podIP: " + network.at(13, 8000).host() + ",")
            .replace("podIP: 10.0.1.1,", "podIP: " + network.at(21, 9002).host() + ",")
            .replace("podIP: 10.0.1.3,", "podIP: " + network.at(22, 9002).host() + ","));
    return network
        .bootstrap(RECORDED, resources)
        .replace("maxStreamDuration: 600s", "maxStreamDuration: 4s");
  }
}
