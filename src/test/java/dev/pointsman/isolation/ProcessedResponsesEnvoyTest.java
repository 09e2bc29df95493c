package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.differential.UserProcessor;
import dev.pointsman.e2e.Client;
import dev.pointsman.isolation.ScriptedPicker.Script;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A user's own processor of responses and a picker that takes its time with them. In one filter chain Envoy ends some of the
 * responses early, with status 200: each model of the case has a processor that takes other parts of a message.
 */
@Tag("envoy")
class ProcessedResponsesEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "processors-of-responses");
  private static final String BODY = "0123456789".repeat(30_000);
  private static final int REQUESTS = 24;
  private static final int PROCESSORS = 31;

  private volatile int pause;

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void arriveWhole(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    Authority.Issued certificate = Authority.selfSigned();
    Script script = slowWithBodies(network.at(11, 8000).toString());
    HostPort processors = network.at(PROCESSORS, 13001);
    Server processor = UserProcessor.start(processors, _ -> {});
    try (RawPod _ = new RawPod(network.at(11, 8000), _ -> response());
        ScriptedPicker _ = new ScriptedPicker(network.at(21, 9002), certificate, script);
        ScriptedPicker _ = new ScriptedPicker(network.at(22, 9002), certificate, script);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap(network, processors, folder))) {
      int port = envoy.listenerPort("default/inference/llm");
      await().atMost(OwnAnswers.SOON).until(() -> isServed(port));
      for (String model : List.of("none", "headers", "buffered", "streamed", "duplex")) {
        for (String pool : List.of(model, model + "-close")) {
          for (int millis : List.of(10, 100)) {
            pause = millis;
            assertThat(lengths(port, pool))
                .as("%s, a picker that takes %d ms for a part of a body", pool, millis)
                .containsOnly(BODY.length());
          }
        }
      }
    } finally {
      processor.shutdownNow();
    }
  }

  private Script slowWithBodies(String endpoint) {
    return new Script() {
      @Override
      public String endpoint() {
        return endpoint;
      }

      @Override
      public List<ProcessingResponse> responseBody(HttpBody part) {
        try {
          Thread.sleep(pause);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return Script.super.responseBody(part);
      }
    };
  }

  private static byte[] response() {
    return ("HTTP/1.1 200 OK\r\nx-served-by: named\r\ncontent-length: " + BODY.length() + "\r\n\r\n"
            + BODY)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Endpoints of Backends are Envoy Gateway's own discovery, which is not there. */
  private static String bootstrap(Network network, HostPort processors, Path folder)
      throws IOException {
    String endpoint =
        "endpoints: [{lbEndpoints: [{endpoint: {address: {socketAddress: {address: %s, portValue: %d}}}}]}]"
            .formatted(processors.host(), processors.port());
    return OwnAnswers.bootstrap(
            network,
            RECORDED,
            Files.createDirectory(folder.resolve("objects")),
            network.pod("open", 11),
            network.pod("close", 11),
            network.picker("open-epp", 21),
            network.picker("close-epp", 22))
        .replaceAll(
            "( +)clusterName: (/default/\\w+/extproc/0)\n(?= +typedExtension)",
            "$1clusterName: $2\n$1" + endpoint + "\n");
  }

  private static boolean isServed(int port) {
    try (KeepAlive connection = new KeepAlive(port)) {
      return connection.post("any", Client.body("none", 100)).servedBy().equals("named")
          && connection.post("any", Client.body("none-close", 100)).status() == 200;
    } catch (IOException | UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  /** The lengths of the responses to requests at one time. */
  private static List<Integer> lengths(int port, String model) throws Exception {
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(users.submit(() -> {
          try (KeepAlive connection = new KeepAlive(port)) {
            return connection.post("any", Client.body(model, 100));
          }
        }));
      }
      List<Integer> lengths = new ArrayList<>();
      for (Future<Answer> answer : answers) {
        assertThat(answer.get().status()).isEqualTo(200);
        lengths.add(answer.get().body().length());
      }
      return lengths;
    }
  }
}
