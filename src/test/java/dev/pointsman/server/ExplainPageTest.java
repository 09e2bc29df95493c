package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.cli.Commands;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code /debug/explain} of a running server. */
class ExplainPageTest extends ServerFixture {
  private static final String QUESTION =
      "{\"gateway\":\"\",\"request\":{\"listener\":\"\",\"host\":\"\",\"method\":\"GET\",\"path\":\"/\",\"headers\":{},"
          + "\"body\":{\"text\":null,\"bytes\":0,\"chunked\":false}}}";

  private static byte[] recorded() throws IOException {
    return Files.readAllBytes(Path.of(
        "testdata/translate/model-routes-two-pools-standalone/0005-PostTranslateModify.pb"));
  }

  @Test
  void theCommandExplainsTheLastTranslationOfAServer() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      assertThat(explain(server)).contains("there is no translation of any Gateway");
      translate(server);
      assertThat(explain(server)).contains("route", "pointsman/unknown-model", "model_not_found");
    }
  }

  private static void translate(PointsmanServer server) throws IOException {
    ManagedChannel channel = connect(server.ports().grpc());
    try {
      PostTranslateModifyRequest request =
          PostTranslateModifyRequest.parseFrom(ByteString.copyFrom(recorded()));
      assertThat(EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
              .postTranslateModify(request)
              .getListenersCount())
          .isPositive();
    } finally {
      channel.shutdownNow();
    }
  }

  private static String explain(PointsmanServer server) {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    int _ = Commands.run(
        printer,
        printer,
        "explain",
        "--server",
        "http://127.0.0.1:" + server.ports().admin(),
        "--model",
        "qwen-turbo");
    return out.toString();
  }

  @Test
  void onlyProcessesOfTheHostMayAsk() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      int port = server.ports().admin();
      assertThat(ask("127.0.0.1", port, "localhost", QUESTION)).contains(" 400 ");
      assertThat(ask("127.0.0.1", port, "evil.example.com", QUESTION)).contains(" 403 ");
      assertThat(ask("127.0.0.1", port, "localhost", "nonsense")).contains(" 400 ");
      assertThat(ask("127.0.0.1", port, "localhost", "{}")).contains(" 400 ");
      assertThat(ask("127.0.0.1", port, "localhost", "null")).contains(" 400 ");
    }
  }

  private static String ask(String address, int port, String host, String question)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName(address), port)) {
      byte[] body = question.getBytes(StandardCharsets.UTF_8);
      socket
          .getOutputStream()
          .write(("POST /debug/explain HTTP/1.1\r\nhost: " + host + ":" + port
                  + "\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: "
                  + body.length + "\r\n\r\n" + question)
              .getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
