package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.observe.HookSpans;
import dev.pointsman.rig.SpanCollector;
import dev.pointsman.rig.SpanCollector.Span;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a process sends the spans of its hooks where OpenTelemetry's variables say. */
class HookSpansIT {
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir
  private Path folder;

  private Process serve(String... environment) throws IOException {
    ProcessBuilder command = new ProcessBuilder(List.of(
            "hack/pointsman",
            "serve",
            "--grpc-address=127.0.0.1:0",
            "--eds-address=127.0.0.1:0",
            "--admin-address=127.0.0.1:0",
            "--resources=" + folder))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("log").toFile());
    command.environment().put(HookSpans.VARIABLE, environment[0]);
    command.environment().put("OTEL_SERVICE_NAME", "hooks");
    if (environment.length > 1) {
      command.environment().put("OTEL_EXPORTER_OTLP_PROTOCOL", environment[1]);
    }
    return command.start();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  @Test
  void aTranslationHasASpan() throws Exception {
    try (SpanCollector collector = SpanCollector.http(new HostPort("127.0.0.1", 0))) {
      Process process = serve("http://127.0.0.1:" + collector.port());
      try {
        await().atMost(START).untilAsserted(() -> assertThat(log()).contains("ready, "));
        Matcher listening = Pattern.compile("hooks 127.0.0.1:(\\d+)").matcher(log());
        assertThat(listening.find()).isTrue();
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                "127.0.0.1", Integer.parseInt(listening.group(1)))
            .usePlaintext()
            .build();
        PostTranslateModifyResponse _ = EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
            .postTranslateModify(PostTranslateModifyRequest.getDefaultInstance());
        channel.shutdownNow();
        process.destroy(); // SIGTERM: the last spans are sent
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Span span = collector.await("a translation", one -> one.name().endsWith("/Translation"));
        assertThat(span.tag("pointsman.outcome")).isEqualTo("ok");
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void aProtocolThatIsNotThereIsNamed() throws Exception {
    Process process = serve("http://127.0.0.1:1", "grpc");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(log()).contains("OTEL_EXPORTER_OTLP_PROTOCOL").doesNotContain("\tat ");
  }
}
