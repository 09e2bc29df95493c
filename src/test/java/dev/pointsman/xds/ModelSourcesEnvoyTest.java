package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ModelSettings.Source;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model is found in forms, queries and paths as model servers find it; what they may read differently is refused. */
@Tag("envoy")
class ModelSourcesEnvoyTest {
  private static final int LIMIT = SourcesEnvoy.LIMIT;
  private static final String FORM = "multipart/form-data; boundary=xyz";
  private static final String JSON = SourcesEnvoy.JSON;
  private static final String AUDIO = "/v1/audio/transcriptions";
  private static final String NOTHING = "";
  private static final String CONFLICT = "conflicting_models";
  private static final String INVALID = "invalid_model";

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  private static String part(String headers, String value) {
    return "--xyz\r\n" + headers + "\r\n\r\n" + value + "\r\n";
  }

  private static String field(String name, String value) {
    return part("Content-Disposition: form-data; name=\"" + name + "\"", value);
  }

  private static final String FILE = part(
      "Content-Disposition: form-data; name=\"file\"; filename=\"a b.mp3\"\r\nContent-Type: audio/mpeg",
      "\0\r\n--xy\r\n\r\nmodel" + "\u00ff\u00fe".repeat(9000));
  private static final String END = "--xyz--\r\n";

  private final Map<SourcesEnvoy.Asked, String> expected = new LinkedHashMap<>();

  private void post(String target, String type, String body, String model) {
    expected.put(new SourcesEnvoy.Asked("POST", target, type, body), model);
  }

  private void get(String target, String model) {
    expected.put(new SourcesEnvoy.Asked("GET", target, "", ""), model);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void forms(String version) throws Exception {
    for (String path : Set.of(AUDIO, "/v1/images/edits", "/a/v1/videos", "/v1/audio/x?y=/z")) {
      post(path, FORM, field("model", "whisper") + FILE + END, "whisper");
    }
    post(AUDIO, FORM, FILE + field("model", "whisper") + END, "whisper");
    post(AUDIO, FORM, field("model", "模型") + END, "模型");
    post(AUDIO, "Multipart/Form-Data;boundary=\"xyz\"", field("model", "w") + END, "w");
    post(AUDIO, FORM + "; charset=utf-8", field("model", "w") + "--xyz--", "w");
    post(AUDIO, FORM, part("content-disposition:form-data;name=model", "w") + END, "w");
    post(AUDIO, FORM, FILE + END, NOTHING + " form");
    post(AUDIO, FORM, END, NOTHING + " form");
    post(AUDIO, FORM, field("Model", "w") + END, NOTHING + " form");
    post(AUDIO, FORM, field("model", "a") + field("model", "a") + END, CONFLICT);
    post("/v1/files", FORM, field("model", "w") + END, NOTHING);
    String unreadable = NOTHING + " form-unreadable";
    for (String body : Set.of(
        "",
        "x",
        field("model", "w"), // not ended
        "preamble\r\n" + field("model", "w") + END,
        field("model", "w") + END + "epilogue",
        field("model", "") + END,
        field("model", "m".repeat(1025)) + END,
        field("model", "\u00ff") + END,
        part("Content-Disposition: form-data; name=\"model\"; filename=\"f\"", "w") + END,
        part("Content-Disposition: form-data; name=\"model\"\nX: y", "w") + END,
        part("Content-Disposition: form-data; name=\"mod\\el\"", "w") + END,
        part("Content-Disposition: form-data; name=\"a\"; name=\"model\"", "w") + END,
        part("Content-Disposition: form-data; name=\"mod%65l\"", "w") + END,
        part("Content-Disposition: form-data; name*=utf-8''model; name=\"a\"", "w") + END,
        part("Content-Disposition: attachment; name=\"model\"", "w") + END,
        part("X: y", "w") + END,
        part(
                "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"model\"",
                "w")
            + END,
        part(
                "Content-Disposition: form-data; name=\"model\"\r\nContent-Transfer-Encoding: base64",
                "dw==")
            + END,
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + field("model", "w") + END,
        "--xyz \r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nw\r\n" + END,
        "--xyz2\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nw\r\n" + END)) {
      post(AUDIO, FORM, body, unreadable);
    }
    post(AUDIO, "multipart/form-data", field("model", "w") + END, unreadable);
    post(AUDIO, FORM + "; boundary=abc", field("model", "w") + END, unreadable);
    post(AUDIO, FORM + ",application/json", field("model", "w") + END, unreadable);
    assertAnswers(version);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void queries(String version) throws Exception {
    get("/v1/realtime?model=qwen", "qwen");
    get("/v1/realtime?a=b&model=qwen&c", "qwen");
    get("/x?model=meta%2Dllama%2FLlama-3", "meta-llama/Llama-3");
    get("/x?model=a%2525", "a%25");
    get("/x?model=a+b%2B", "a b+");
    get("/x?mod%65l=qwen", "qwen");
    get("/x?%6D%6f%64%65%6C=qwen", "qwen");
    get("/x?model=%E6%A8%A1", "模");
    get("/x?model=", NOTHING);
    get("/x?model", NOTHING);
    get("/x?models=qwen", NOTHING);
    get("/x?amodel=qwen", NOTHING);
    get("/x?%zz=1&model=qwen", "qwen");
    get("/x?model=a&model=a", INVALID);
    get("/x?model=a&mod%65l=b", INVALID);
    get("/x?model=%zz", INVALID);
    get("/x?model=%E6%A8", INVALID);
    get("/x?model=%C3%41%A9", INVALID);
    get("/x?model=" + "m".repeat(1025), INVALID);
    post("/x?model=a", JSON, "{\"model\":\"a\"}", "a");
    post("/x?model=a", JSON, "{\"messages\":[]}", "a");
    post("/x?model=a", JSON, "{\"model\":\"b\"}", CONFLICT);
    post("/x?model=a", JSON, "{\"pad\":\"" + "x".repeat(20_000) + "\",\"model\":\"b\"}", CONFLICT);
    post("/x?model=a", JSON, "{\"model\":", NOTHING + " unreadable");
    post("/x?model=a", "", "{\"model\":\"b\"}", NOTHING + " unread");
    post("/x?model=a", "text/plain", "b", NOTHING + " unread");
    post("/x?model=a", "application/x-www-form-urlencoded", "model=b", NOTHING + " unread");
    post("/x?model=a", FORM, field("model", "b") + END, NOTHING + " unread");
    post("/x?model=a", "text/plain", "", "a");
    post("/x?model=a", "audio/wav", "{\"model\":\"b\"}", "a");
    post(AUDIO + "?model=a", FORM, field("model", "b") + END, CONFLICT);
    post(AUDIO + "?model=a", FORM, field("model", "a") + FILE + END, "a");
    post(AUDIO + "?model=a", FORM, FILE + END, "a");
    assertAnswers(version);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void paths(String version) throws Exception {
    get("/v1/models/qwen", "qwen");
    get("/v1/models/meta-llama/Llama-3", "meta-llama/Llama-3");
    get("/v1/models/llama3:8b", "llama3:8b");
    get("/v1/models/a%20b", "a b");
    get("/v1/models/%zz", INVALID);
    get("/v1/models", NOTHING);
    get("/v1/models/", NOTHING);
    get("/team/v1/models/qwen?x=y", "qwen");
    get("/v1beta/models/gemini", "gemini");
    get("/v1/models/a/v1/models/b", INVALID);
    get("/v1/models/v1/models/b", INVALID);
    get("/v1/models/a/openai/deployments/b/c", INVALID);
    get("/v1/models/a?model=b", CONFLICT);
    get("/v1/models/a?model=a", "a");
    post("/v1beta/models/gemini:generateContent", JSON, "{\"contents\":[]}", "gemini");
    post("/v1/models/llama3:8b:predict", JSON, "{}", "llama3:8b");
    post("/openai/deployments/gpt/chat/completions?api-version=1", JSON, "{}", "gpt");
    post("/openai/deployments/gpt/chat/completions", JSON, "{\"model\":\"gpt\"}", "gpt");
    post("/openai/deployments/gpt/chat/completions", JSON, "{\"model\":\"other\"}", CONFLICT);
    post("/openai/deployments/gpt", JSON, "{\"model\":\"other\"}", "other");
    post("/openai/deployments/w/audio/transcriptions", FORM, FILE + END, "w");
    post("/openai/deployments/w/audio/transcriptions", FORM, field("model", "w") + END, "w");
    assertAnswers(version);
  }

  /** Requests with none of these stay as they are, and a websocket is not held. */
  @ParameterizedTest
  @MethodSource("versions")
  void websocketsAreNotHeld(String version) throws Exception {
    try (RealEnvoy envoy =
        RealEnvoy.start(version, SourcesEnvoy.bootstrap(EnumSet.allOf(Source.class)))) {
      String upgrade = "connection: upgrade\r\nupgrade: websocket\r\n";
      assertThat(
              SourcesEnvoy.answer(envoy, "GET /v1/realtime?model=qwen HTTP/1.1\r\n" + upgrade, ""))
          .contains("x-found: qwen");
      assertThat(SourcesEnvoy.answer(
              envoy,
              "GET " + AUDIO + "?model=qwen HTTP/1.1\r\ncontent-type: " + FORM + "\r\n" + upgrade,
              ""))
          .contains("x-found: qwen");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void onlyTheSourcesOfTheRouteAreRead(String version) throws Exception {
    try (RealEnvoy envoy =
        RealEnvoy.start(version, SourcesEnvoy.bootstrap(EnumSet.of(Source.BODY, Source.FORM)))) {
      SourcesEnvoy.Asked query =
          new SourcesEnvoy.Asked("GET", "/v1/models/b?model=a&model=b", "", "");
      assertThat(SourcesEnvoy.found(envoy, query)).isEqualTo(NOTHING);
      SourcesEnvoy.Asked form =
          new SourcesEnvoy.Asked("POST", AUDIO + "?model=a", FORM, field("model", "b") + END);
      assertThat(SourcesEnvoy.found(envoy, form)).isEqualTo("b");
      SourcesEnvoy.Asked tooLarge = new SourcesEnvoy.Asked(
          "POST",
          AUDIO,
          FORM,
          field("model", "b")
              + part("Content-Disposition: form-data; name=\"f\"", "x".repeat(LIMIT))
              + END);
      assertThat(SourcesEnvoy.found(envoy, tooLarge)).isEqualTo("413");
      SourcesEnvoy.Asked streamed =
          new SourcesEnvoy.Asked("POST", "/v1/files", FORM, "x".repeat(2 * LIMIT));
      assertThat(SourcesEnvoy.found(envoy, streamed)).isEqualTo(NOTHING);
    }
  }

  private void assertAnswers(String version) throws IOException {
    try (RealEnvoy envoy =
        RealEnvoy.start(version, SourcesEnvoy.bootstrap(EnumSet.allOf(Source.class)))) {
      for (Map.Entry<SourcesEnvoy.Asked, String> one : expected.entrySet()) {
        assertThat(SourcesEnvoy.found(envoy, one.getKey()))
            .as("%s", one.getKey())
            .isEqualTo(one.getValue());
      }
    }
  }
}
