package dev.pointsman.golden;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.explain.MermaidRendering;
import dev.pointsman.explain.TextRendering;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.fuzz.FuzzInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any request is explained, with bodies and forms that no client library sends. The explanation is JSON that is read back,
 * text without control characters, and a chart whose every line is a node or an arrow of Mermaid's.
 */
public final class ExplainedRequestsFuzz {
  private static final List<String> CASES = List.of(
      "model-routes-two-pools",
      "policy-model-sources",
      "policy-fallback",
      "policy-models-split-and-aliases");
  private static final List<Explainer> EXPLAINERS = explainers();
  private static final List<String> TYPES =
      List.of("application/json", "multipart/form-data; boundary=xyz", "text/plain");
  private static final Pattern CHART = Pattern.compile(
      "flowchart LR| {2}n\\d+\\[\"[^\"\\[\\]{}<>|&;`\\\\\\p{Cntrl}]*(#\\d+;[^\"\\[\\]{}<>|&;`\\\\\\p{Cntrl}]*)*\"]"
          + "| {2}n\\d+ -->(\\|\"[^\"|<>\\p{Cntrl}]*\"\\|)? n\\d+");

  private ExplainedRequestsFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) throws InvalidProtocolBufferException {
    FuzzInput input = new FuzzInput(bytes);
    Explainer explainer = EXPLAINERS.get(input.below(EXPLAINERS.size()));
    TreeMap<String, String> headers = new TreeMap<>();
    int kind = input.below(4);
    String host = input.below(3) == 0 ? input.text() : "";
    String method = input.below(3) == 0 ? input.text() : "POST";
    String path = "/" + (input.below(2) == 0 ? input.text() : "v1/chat/completions");
    headers.put("content-type", kind < TYPES.size() ? TYPES.get(kind) : input.text());
    if (input.below(3) == 0) {
      headers.put(input.text(), input.text());
    }
    AskedBody body = AskedBody.of(input.restAsText());
    Explanation explanation;
    try {
      explanation = explainer.explain(new AskedRequest("", host, method, path, headers, body));
    } catch (UnclearRequest unclear) {
      return;
    }
    check(explanation);
  }

  private static void check(Explanation explanation) {
    JsonMapper json = JsonMapper.shared();
    String written = json.writeValueAsString(explanation);
    if (!json.readTree(written).isObject()) {
      throw new AssertionError(written);
    }
    String text = TextRendering.of(explanation, false);
    if (text.lines().anyMatch(line -> line.codePoints().anyMatch(Character::isISOControl))) {
      throw new AssertionError("control characters: " + text);
    }
    MermaidRendering.of(explanation).lines().forEach(line -> {
      if (!CHART.matcher(line).matches()) {
        throw new AssertionError("no line of a chart: " + line);
      }
    });
  }

  private static List<Explainer> explainers() {
    List<Explainer> explainers = new ArrayList<>();
    for (String name : CASES) {
      PostTranslateModifyResponse answer = GoldenCase.named(name).answer().response();
      try {
        explainers.add(new Explainer(
            GatewayXds.of(
                answer.getListenersList(), answer.getRoutesList(), answer.getClustersList()),
            _ -> Optional.empty(),
            List.of()));
      } catch (InvalidProtocolBufferException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return List.copyOf(explainers);
  }
}
