package dev.pointsman.isolation;

import static dev.pointsman.isolation.LoggedGateway.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The tokens that responses report are counted, whatever they look like, and responses stay as they are. */
@Tag("envoy")
class TokenUsageEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-token-usage");
  private static final int SMALL = 200;
  private static final int LARGE = 5_000_000;
  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream; charset=utf-8";
  private static final String CHAT =
      "{\"prompt_tokens\":3,\"completion_tokens\":9,\"total_tokens\":12,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":1}}";
  private static final String MISSING = "- - - missing";
  private static final String INVALID = "- - - invalid";

  private final Network network = new Network();

  /**
   * A pod's response and what the log must say of it.
   *
   * @param expected prompt, completion, total, usage
   */
  private record Case(String name, String headers, String body, String expected) {
    static Case json(String name, String body, String expected) {
      return new Case(name, "content-type: " + JSON, body, expected);
    }

    static Case events(String name, String expected, String... data) {
      StringBuilder body = new StringBuilder();
      for (String one : data) {
        body.append("data: ").append(one).append("\n\n");
      }
      return new Case(name, "content-type: " + EVENTS, body.toString(), expected);
    }

    static Case usage(String name, String usage, String expected) {
      return json(name, "{\"usage\":" + usage + "}", expected);
    }

    byte[] response() {
      String framed = name.startsWith("chunked")
          ? "transfer-encoding: chunked\r\n\r\n" + chunks()
          : "content-length: " + body.length() + "\r\n\r\n" + body;
      return ("HTTP/1.1 200 OK\r\n" + headers + "\r\n" + framed)
          .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Chunks of odd lengths, which part names and numbers. */
    private String chunks() {
      StringBuilder chunks = new StringBuilder();
      for (int from = 0, size = 1; from < body.length(); from += size, size = size % 23 + 2) {
        String chunk = body.substring(from, Math.min(body.length(), from + size));
        chunks.append(Integer.toHexString(chunk.length())).append("\r\n");
        chunks.append(chunk).append("\r\n");
      }
      return chunks.append("0\r\n\r\n").toString();
    }
  }

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  private static List<Case> cases() {
    String nested = "{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}";
    String embedding = "[" + "0.0123456789,".repeat(300_000) + "1]";
    List<Case> cases = new ArrayList<>(List.of(
        Case.usage("chat", CHAT, "3 9 12 reported"),
        new Case(
            "chunked-chat",
            "content-type: " + JSON,
            "{\"usage\": " + CHAT + "}",
            "3 9 12 reported"),
        Case.json(
            "embeddings",
            "{\"data\":[{\"embedding\":" + embedding
                + "}],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}",
            "7 0 7 reported"),
        Case.json(
            "responses",
            "{\"tools\":[{\"parameters\":{\"usage\":" + nested + "}}],\"text\":\"\\\"usage\\\":"
                + nested.replace("\"", "\\\"")
                + "\",\"usage\":{\"input_tokens\":5,\"output_tokens\":6,\"total_tokens\":11}}",
            "5 6 11 reported"),
        Case.json(
            "messages",
            "{\"content\":[{\"type\":\"tool_use\",\"input\":{\"usage\":" + nested
                + "}}],\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":null,"
                + "\"cache_read_input_tokens\":4,\"output_tokens\":6}}",
            "14 6 20 reported"),
        Case.json("no-usage", "{\"object\":\"list\"}", MISSING),
        Case.json("null-usage", "{\"usage\":null}", MISSING),
        Case.json("no-json", "<html>\"usage\":" + CHAT + "</html>", MISSING),
        Case.json("cut-json", "{\"usage\":{\"total_tokens\":1", MISSING),
        Case.json("empty", "", MISSING),
        new Case("text", "content-type: text/plain", "{\"usage\":" + CHAT + "}", "- - - -"),
        new Case(
            "gzip",
            "content-type: " + JSON + "\r\ncontent-encoding: gzip",
            "?",
            "- - - compressed"),
        Case.events(
            "stream",
            "3 9 12 reported",
            "{\"choices\":[{}],\"usage\":null}",
            "{\"choices\":[],\"usage\":" + CHAT + "}",
            "[DONE]"),
        Case.events("stream-no-usage", MISSING, "{\"choices\":[{}]}", "[DONE]"),
        Case.events(
            "stream-long-event",
            "3 9 12 reported",
            "{\"text\":\"" + "x\\\" ".repeat(1_300_000) + "\",\"usage\":" + CHAT + "}"),
        Case.events(
            "stream-responses",
            "5 6 11 reported",
            "{\"type\":\"response.created\",\"response\":{\"usage\":null,\"tools\":[{\"usage\":"
                + nested + "}]}}",
            "{\"type\":\"response.completed\",\"response\":{\"usage\":"
                + "{\"input_tokens\":5,\"output_tokens\":6,\"total_tokens\":11}}}")));
    String[] messages = {
      "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}",
      "{\"type\":\"message_delta\",\"delta\":{\"usage\":" + nested
          + "},\"usage\":{\"output_tokens\":15}}"
    };
    cases.add(Case.events("stream-messages", "25 15 40 reported", messages));
    cases.add(Case.events("chunked-stream-messages", "25 15 40 reported", messages));
    for (String value : List.of("\"12\"", "-1", "NaN", "1e3", "1.5", "123456789", "true")) {
      String usage = "{\"prompt_tokens\":1,\"total_tokens\":" + value + "}";
      cases.add(Case.usage("invalid-" + cases.size(), usage, INVALID));
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void eachResponsesTokensAreLogged(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod pod =
            new RawPod(network.at(11, 8000), _ -> Case.usage("", CHAT, "").response());
        ScriptedPicker _ = picker(certificate);
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference/llm",
            network,
            RECORDED,
            folder,
            network.pod("qwen", 11),
            network.picker("qwen-epp", 21))) {
      gateway.awaitStatus(200, "qwen");
      gateway.awaitPickers(1, "qwen");
      for (Case one : cases()) {
        pod.answer(_ -> one.response());
        for (int bytes : List.of(SMALL, LARGE)) {
          assertThat(gateway.send(one.name(), "qwen", bytes, 200)).isEqualTo(one.body());
        }
      }
      pod.answer(_ -> Case.usage("", CHAT, "").response());
      gateway.send("other", "uncounted", SMALL, 200);
      pod.answer(_ -> new String(Case.usage("", CHAT, "").response(), StandardCharsets.ISO_8859_1)
          .replace("200 OK", "400 x")
          .getBytes(StandardCharsets.ISO_8859_1));
      gateway.send("error", "qwen", SMALL, 400);

      Map<String, JsonNode> lines = gateway.lines();
      for (Case one : cases()) {
        for (int bytes : List.of(SMALL, LARGE)) {
          assertThat(tokens(lines, path(one.name(), bytes)))
              .as(one.name() + " " + bytes)
              .isEqualTo(one.expected());
        }
      }
      assertThat(tokens(lines, path("other", SMALL))).isEqualTo("- - - -");
      assertThat(tokens(lines, path("error", SMALL))).isEqualTo("- - - -");
    }
  }

  private static String tokens(Map<String, JsonNode> lines, String path) {
    JsonNode line = Objects.requireNonNull(lines.get(path), path);
    assertThat(line.path("prompt_tokens").isString()).isFalse();
    return String.join(
        " ",
        Stream.of("prompt_tokens", "completion_tokens", "total_tokens", "usage")
            .map(field -> line.path(field).asString("-"))
            .toList());
  }

  private ScriptedPicker picker(Authority.Issued certificate) throws IOException {
    return new ScriptedPicker(
        network.at(21, 9002), certificate, () -> network.at(11, 8000).toString());
  }
}
