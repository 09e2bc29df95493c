package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.extension.PostTranslateModifyResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Another name for a model is written into JSON only: the explanation of a form says that it is refused. */
class FormsToOtherNamesTest {
  private static final String UPLOAD = "/v1/audio/transcriptions";

  @Test
  void aModelsServiceRefusesForms() throws Exception {
    Forwarded form = (Forwarded) explain("policy-other-names", form("gpt"));
    assertThat(form.shares())
        .extracting(TrafficShare::error)
        .singleElement()
        .satisfies(error -> assertThat(error.map(Answered::status)).contains(400));
    Forwarded json = (Forwarded) explain("policy-other-names", json("gpt"));
    assertThat(json.shares()).extracting(TrafficShare::error).containsExactly(Optional.empty());
  }

  @Test
  void aStageOfAFallbackRefusesForms() throws Exception {
    Staged form = (Staged) explain("policy-fallback", form("qwen"));
    assertThat(form.stages().get(0)).isInstanceOf(Forwarded.class);
    assertThat(form.stages().get(1))
        .isInstanceOfSatisfying(
            Answered.class, refused -> assertThat(refused.status()).isEqualTo(400));
    assertThat(form.stages().get(2)).isInstanceOf(Forwarded.class);
    Staged json = (Staged) explain("policy-fallback", json("qwen"));
    assertThat(json.stages()).hasOnlyElementsOfType(Forwarded.class);
  }

  private static RequestEnd explain(String golden, AskedRequest request) throws Exception {
    PostTranslateModifyResponse answer = GoldenCase.named(golden).answer().response();
    ExplainableGateway gateway = ExplainableGateway.of(
        Set.of(),
        answer.getListenersList(),
        answer.getRoutesList(),
        answer.getClustersList(),
        List.of());
    return new Explainer(gateway.xds(), _ -> Optional.empty(), List.of())
        .explain(request)
        .end();
  }

  private static AskedRequest form(String model) {
    return asked(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n" + model + "\r\n--x--\r\n");
  }

  private static AskedRequest json(String model) {
    return asked("application/json", "{\"model\":\"" + model + "\"}");
  }

  private static AskedRequest asked(String type, String body) {
    return new AskedRequest(
        "",
        "localhost",
        "POST",
        UPLOAD,
        new TreeMap<>(Map.of("content-type", type)),
        AskedBody.of(body));
  }
}
