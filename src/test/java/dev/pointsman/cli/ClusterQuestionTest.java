package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pointsman.analyze.Installation.ReplicaPod;
import dev.pointsman.config.BadInput;
import dev.pointsman.config.StartFailure;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.GatewayAnswer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code explain --kubernetes}: the answers of replicas of several versions. */
class ClusterQuestionTest {
  private static final Question QUESTION = new Question(
      "", new AskedRequest("", "", "GET", "/v1/models", new TreeMap<>(), AskedBody.NONE));
  private static final String ANSWER = """
      [{"gateways":["default/gw"],"translatedAt":null,"explanation":null,"unclear":"no listener"}]
      """;

  private final List<HttpServer> servers = new ArrayList<>();
  private final StringWriter err = new StringWriter();

  private ReplicaPod replica(String name, int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      try (exchange) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    });
    server.start();
    servers.add(server);
    return new ReplicaPod("pointsman", name, server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  private List<GatewayAnswer> answers(ReplicaPod... replicas) throws Exception {
    return ClusterQuestion.answers(
        List.of(replicas),
        replica ->
            ServerQuestion.answers(URI.create("http://127.0.0.1:" + replica.port()), QUESTION),
        new PrintWriter(err));
  }

  @Test
  void anOldReplicaWithoutAnAnswerIsNamedWithItsReason() throws Exception {
    assertThat(answers(
            replica("old", 400, "there is no translation of any Gateway"),
            replica("other", 200, "{}"),
            replica("new", 200, ANSWER)))
        .hasSize(1);
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line)
                .startsWith(
                    "replica pointsman/old does not answer (there is no translation of any Gateway): "),
            line -> assertThat(line)
                .startsWith("replica pointsman/other does not answer (http://")
                .contains("of another version"));
  }

  @Test
  void withoutAnyAnswerTheReasonIsTheEnd() throws Exception {
    ReplicaPod old = replica("old", 400, "there is no translation of any Gateway");
    ReplicaPod failing = replica("failing", 500, "no");
    assertThatThrownBy(() -> answers(old))
        .isInstanceOf(BadInput.class)
        .hasMessage("there is no translation of any Gateway");
    assertThatThrownBy(() -> answers(old, failing)).isInstanceOf(StartFailure.class);
    assertThatThrownBy(() -> answers())
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("no pod of Pointsman runs in the cluster");
  }
}
