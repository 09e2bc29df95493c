package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static dev.pointsman.e2e.Client.HTTP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Rig;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model in the body decides, and nothing else. */
@EndToEnd
class RoutingIT {
  private static final String MODEL_HEADER = "X-Gateway-Model-Name";
  private static final String ENDPOINT_HEADER = "x-gateway-destination-endpoint";

  @Test
  void eachModelAtItsPool(Rig rig) {
    List<String> pods = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Answer qwen = Client.chat(rig, "qwen");
      assertThat(qwen.status()).isEqualTo(200);
      assertThat(qwen.json().path("model").asString()).isEqualTo("qwen");
      pods.add(qwen.servedBy());
      assertThat(Client.chat(rig, "deepseek-r1").servedBy()).isEqualTo("deepseek-r1-0");
    }
    assertThat(pods).containsOnly("qwen-0", "qwen-1").contains("qwen-0", "qwen-1");
  }

  @Test
  void theEndpointOfThePickerServes(Rig rig) {
    for (String pod : List.of("eject-1", "eject-1", "eject-1", "eject-1")) {
      rig.picker("eject-epp").name(rig.pod(pod).toString());
      assertThat(Client.chat(rig, "eject").servedBy()).isEqualTo(pod);
    }
    rig.picker("eject-epp").chooseAgain();
  }

  @Test
  void modelHeaderFromAClientIsIgnored(Rig rig) {
    Answer post = Client.send(Client.json(rig.url(HTTP, CHAT))
        .header(MODEL_HEADER, "deepseek-r1")
        .POST(BodyPublishers.ofString(Client.body("qwen"))));
    assertThat(post.servedBy()).startsWith("qwen-");
    assertThat(post.reached("x-gateway-model-name")).isEqualTo("qwen");

    Answer withoutModel = Client.send(Client.json(rig.url(HTTP, CHAT))
        .header(MODEL_HEADER, "qwen")
        .POST(BodyPublishers.ofString("{\"messages\": []}")));
    assertThat(withoutModel.status()).isEqualTo(400);
    assertThat(withoutModel.error()).isEqualTo("missing_required_parameter");

    Answer get =
        Client.send(HttpRequest.newBuilder(rig.url(HTTP, CHAT)).header(MODEL_HEADER, "qwen"));
    assertThat(get.status()).isEqualTo(404);
    assertThat(get.servedBy()).isEmpty();
  }

  @Test
  void endpointHeaderFromAClientIsIgnored(Rig rig) {
    String foreign = rig.pod("deepseek-r1-0").toString();
    Answer post = Client.send(Client.json(rig.url(HTTP, CHAT))
        .header(ENDPOINT_HEADER, foreign)
        .POST(BodyPublishers.ofString(Client.body("qwen"))));
    assertThat(post.servedBy()).startsWith("qwen-");
    assertThat(post.reached(ENDPOINT_HEADER)).doesNotContain(foreign);

    Answer get = Client.send(Client.json(rig.url(HTTP, "/pool")).header(ENDPOINT_HEADER, foreign));
    assertThat(get.servedBy()).startsWith("qwen-");
    assertThat(get.reached(ENDPOINT_HEADER)).doesNotContain(foreign);

    // No picker overwrites it here: only its removal keeps a client from choosing a pod.
    Answer withoutPicker = Client.send(Client.json(rig.url(HTTP, CHAT))
        .header(ENDPOINT_HEADER, rig.pod("elastic-0").toString())
        .POST(BodyPublishers.ofString(Client.body("elastic"))));
    assertThat(withoutPicker.servedBy()).startsWith("elastic-");
    assertThat(withoutPicker.reached(ENDPOINT_HEADER)).isEmpty();
  }

  @Test
  void unknownModelIsNotFound(Rig rig) {
    Answer answer = Client.chat(rig, "gpt-unknown");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.response().headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.error()).isEqualTo("model_not_found");
    assertThat(answer.servedBy()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen\\u0001", "qwen\\r\\nx-evil: 1", "qwen\\u0000", "\\u007fqwen"})
  void controlCharacterInTheNameIsABadRequest(String escaped, Rig rig) {
    Answer answer = Client.chat(rig, escaped);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.response().headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.json().path("error").path("param").asString()).isEqualTo("model");
    assertThat(answer.servedBy()).isEmpty();
  }

  @Test
  void modelAtAPlainBackend(Rig rig) {
    Answer answer = Client.chat(rig, "legacy");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.servedBy()).isEqualTo("legacy-0");
  }

  @Test
  void poolWithoutAPicker(Rig rig) {
    Answer answer = Client.chat(rig, "elastic");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.servedBy()).startsWith("elastic-");
  }

  @Test
  void pickerLearnsThePodThatServed(Rig rig) {
    Client.chat(rig, "deepseek-r1");
    String pod = rig.pod("deepseek-r1-0").toString();
    rig.picker("deepseek-ext-proc")
        .saw(calls ->
            assertThat(calls).anySatisfy(call -> assertThat(call.served()).isEqualTo(pod)));
  }
}
