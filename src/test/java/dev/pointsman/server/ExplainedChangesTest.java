package dev.pointsman.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.cli.Commands;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayAnswer;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.rig.RecordedCalls;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Explanations while routes, Gateways and connections of Envoy Gateway come and go: those of the last state. */
class ExplainedChangesTest extends ServerFixture {
  private static final Path RECORDING = Path.of("testdata/translate/model-routes-two-pools");
  private static final String GATEWAY = "default/inference-gateway";
  private static final String POOL = "100 % to InferencePool default/qwen-pool";
  private static final String OTHER_POOL = "100 % to InferencePool another/qwen-pool";
  private static final String NO_HOST = "404: no virtual host has a domain for the host";

  private static void translate(
      PointsmanServer server, UnaryOperator<PostTranslateModifyRequest> change) {
    try (RecordedCalls calls = new RecordedCalls(server.ports().grpc())) {
      var _ = calls.play(RECORDING, (_, translation) -> change.apply(translation));
    }
  }

  /** The last HTTPRoute is deleted: Envoy Gateway makes virtual hosts of routes. */
  private static PostTranslateModifyRequest withoutRoutes(PostTranslateModifyRequest request) {
    try {
      PostTranslateModifyRequest.Builder without =
          request.toBuilder().clearRoutes().clearClusters();
      for (ByteString table : request.getRoutesList()) {
        without.addRoutes(RouteConfiguration.parseFrom(table).toBuilder()
            .clearVirtualHosts()
            .build()
            .toByteString());
      }
      return without.build();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** The same objects in another namespace, whose name is as long. */
  private static PostTranslateModifyRequest ofAnother(PostTranslateModifyRequest request) {
    PostTranslateModifyRequest.Builder other = request.toBuilder();
    other.clearListeners().clearRoutes().clearClusters();
    request.getListenersList().forEach(one -> other.addListeners(renamed(one)));
    request.getRoutesList().forEach(one -> other.addRoutes(renamed(one)));
    request.getClustersList().forEach(one -> other.addClusters(renamed(one)));
    return other.build();
  }

  private static ByteString renamed(ByteString resource) {
    return ByteString.copyFrom(
        resource
            .toString(ISO_8859_1)
            .replace("default/", "another/")
            .replace("\u001a\u0007default", "\u001a\u0007another"), // a namespace in metadata
        ISO_8859_1);
  }

  private static PostTranslateModifyRequest merged(PostTranslateModifyRequest request) {
    PostTranslateModifyRequest other = ofAnother(request);
    return request.toBuilder()
        .addAllListeners(other.getListenersList())
        .addAllRoutes(other.getRoutesList())
        .addAllClusters(other.getClustersList())
        .build();
  }

  private static String explain(PointsmanServer server, String... options) {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    String url = "http://127.0.0.1:" + server.ports().admin();
    String[] all = Stream.concat(
            Stream.of("explain", "--server", url, "--model", "qwen"), Stream.of(options))
        .toArray(String[]::new);
    int _ = Commands.run(printer, printer, all);
    return out.toString();
  }

  @Test
  void theLastRouteOfAGatewayIsDeleted() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      translate(server, UnaryOperator.identity());
      assertThat(explain(server)).contains(POOL);
      translate(server, ExplainedChangesTest::withoutRoutes);
      assertThat(explain(server)).contains(NO_HOST).doesNotContain("qwen-pool");
      assertThat(explain(server, "--gateway", GATEWAY)).contains(NO_HOST);
      translate(server, UnaryOperator.identity());
      assertThat(explain(server, "--gateway", GATEWAY)).contains(POOL);
    }
  }

  @Test
  void aGatewayJoinsAnotherAndLeavesIt() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      translate(server, UnaryOperator.identity());
      translate(server, ExplainedChangesTest::merged);
      assertThat(explain(server, "--gateway", GATEWAY, "--listener", GATEWAY + "/llm-gw"))
          .contains(POOL);
      assertThat(explain(
              server,
              "--gateway",
              "another/inference-gateway",
              "--listener",
              "another/inference-gateway/llm-gw"))
          .contains(OTHER_POOL);
      translate(server, ExplainedChangesTest::ofAnother);
      assertThat(explain(server, "--gateway", GATEWAY))
          .contains("there is no translation of Gateway " + GATEWAY);
      translate(server, UnaryOperator.identity());
      assertThat(explain(server, "--gateway", GATEWAY)).contains(POOL);
      assertThat(explain(server, "--gateway", "another/inference-gateway")).contains(OTHER_POOL);
    }
  }

  @Test
  void envoyGatewayCallsAnotherReplicaAfterItsRestart() throws Exception {
    try (PointsmanServer first = TestServer.over(resources).start();
        PointsmanServer second = TestServer.over(resources).start()) {
      translate(first, UnaryOperator.identity());
      translate(first, ExplainedChangesTest::ofAnother);
      translate(second, ExplainedChangesTest::withoutRoutes);
      List<GatewayAnswer> old = answers(first);
      List<GatewayAnswer> now = answers(second);
      for (List<GatewayAnswer> inSomeOrder : List.of(
          Stream.concat(old.stream(), now.stream()).toList(),
          Stream.concat(now.stream(), old.stream()).toList())) {
        Explanation explanation = question(GATEWAY).choice(GatewayAnswer.newest(inSomeOrder));
        assertThat(explanation.virtualHost()).isEmpty();
        assertThat(explanation.translatedAt()).isPresent();
        assertThat(question("another/inference-gateway")
                .choice(GatewayAnswer.newest(inSomeOrder))
                .virtualHost())
            .as("a Gateway of which the second replica knows nothing yet")
            .isPresent();
      }
    }
  }

  private static Question question(String gateway) {
    return new Question(
        gateway,
        new AskedRequest(
            "",
            "localhost",
            "POST",
            "/v1/chat/completions",
            new TreeMap<>(Map.of("content-type", "application/json")),
            AskedBody.of("{\"model\":\"qwen\"}")));
  }

  private static List<GatewayAnswer> answers(PointsmanServer server) throws Exception {
    URI each =
        URI.create("http://127.0.0.1:" + server.ports().admin() + "/debug/explain?gateways=each");
    HttpRequest request = HttpRequest.newBuilder(each)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(question(""))))
        .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return JsonMapper.shared()
          .readValue(
              client.send(request, BodyHandlers.ofString()).body(), new TypeReference<>() {});
    }
  }
}
