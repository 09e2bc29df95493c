package dev.pointsman.isolation;

import static dev.pointsman.isolation.LoggedGateway.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.SpanCollector;
import dev.pointsman.rig.SpanCollector.Span;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The span of a request has the facts of the access log, and the call of its picker is a part of its trace. */
@Tag("envoy")
class SpansEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "tracing-opentelemetry");
  private static final int SMALL = 200;
  private static final int LARGE = 5_000_000;
  private static final String ODD = "a\"b\\c%REQ(:PATH)%\ud83d\ude00";

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void eachRequestHasASpanWithFactsAndAPickersCall(String version, @TempDir Path folder)
      throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (SpanCollector collector = SpanCollector.grpc(network.at(Network.COLLECTOR, 4317));
        RawPod _ = pod(11);
        RawPod _ = pod(12);
        RawPod _ = pod(13);
        ScriptedPicker qwen = picker(21, certificate);
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference/llm",
            network,
            RECORDED,
            folder,
            network.openPool("llama"), // whose pickers are not there
            network.openPool("llama-next"),
            network.pod("qwen", 11),
            network.pod("llama", 12),
            network.pod("llama-next", 13),
            network.picker("qwen-epp", 21),
            network.picker("llama-epp", 22),
            network.picker("llama-next-epp", 23))) {
      gateway.awaitStatus(200, "qwen");
      gateway.awaitPickers(1, "qwen");
      for (int bytes : List.of(SMALL, LARGE)) {
        gateway.send("ok", "qwen", bytes, 200);
        qwen.play(() -> address(99));
        gateway.send("gone", "qwen", bytes, 200);
        qwen.play(() -> address(11));
        gateway.send("open", "llama-8b", bytes, 200);
      }
      gateway.send("odd", ODD, SMALL, 200);

      for (int bytes : List.of(SMALL, LARGE)) {
        Span ok = request(collector, path("ok", bytes));
        assertThat(tags(ok, "model", "pool", "picker", "picked", "served"))
            .containsExactly("qwen", "default/qwen", "ok", address(11), address(11));
        assertThat(ok.tag("pointsman.route")).contains("httproute/default/llm/rule/0");
        assertThat(List.of(ok.tag("stage"), ok.tag("pointsman.overruled")))
            .as("the user's own tags")
            .containsExactly("test", "own 200");
        Span gone = request(collector, path("gone", bytes));
        assertThat(tags(gone, "picker", "picked", "served"))
            .containsExactly("ok", address(99), address(11));
        Span open = request(collector, path("open", bytes));
        assertThat(tags(open, "model", "picker", "picked"))
            .containsExactly("llama-8b", "failed_open", "-");
        assertPickersCall(collector, qwen, ok);
      }
      assertThat(tags(request(collector, path("odd", SMALL)), "model", "pool"))
          .containsExactly(ODD, "default/qwen");
    }
  }

  /** The picker was called by a span that is in the trace of the request. */
  private static void assertPickersCall(SpanCollector collector, ScriptedPicker picker, Span of) {
    Span call = collector.await(
        "the picker's call",
        span -> span.trace().equals(of.trace())
            && span.name().contains("ExternalProcessor")
            && picker.parents().stream().anyMatch(parent -> parent.contains(span.id())));
    List<String> ids = collector.spans().stream()
        .filter(span -> span.trace().equals(of.trace()))
        .map(Span::id)
        .toList();
    assertThat(ids).contains(call.parent());
  }

  /** The span of the gateway's listener, which has no parent. */
  private static Span request(SpanCollector collector, String path) {
    return collector.await(
        path, span -> span.parent().isEmpty() && span.tag("path").startsWith(path + "?"));
  }

  private static List<String> tags(Span span, String... names) {
    return Stream.of(names).map(name -> span.tag("pointsman." + name)).toList();
  }

  private String address(int host) {
    return network.at(host, 8000).toString();
  }

  private RawPod pod(int host) throws IOException {
    return new RawPod(
        network.at(host, 8000),
        _ -> "HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
  }

  private ScriptedPicker picker(int host, Authority.Issued certificate) throws IOException {
    return new ScriptedPicker(network.at(host, 9002), certificate, () -> address(11));
  }
}
