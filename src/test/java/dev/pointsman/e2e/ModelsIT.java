package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static dev.pointsman.e2e.Client.HTTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of policies, on HTTPRoutes that stay as they are. */
@EndToEnd
class ModelsIT {
  private static final Scenario MODELS = Scenario.read(Path.of("testdata/e2e-models"));
  private static final int LISTENER_MODELS = 10081;
  private static final int LISTENER_PASS = 10082;
  private static final int LISTENER_NAMED = 10083;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(MODELS);
    await("the policies")
        .atMost(LIMIT)
        .until(() -> Client.chat(rig, "of-rule-b").status() == 200);
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(MODELS);
  }

  /** The HTTPRoute sends all of the model to the old pool. */
  @ParameterizedTest
  @ValueSource(strings = {"split-me", "split-alias", "Org/Split-Me:v1"})
  void eightyToTwenty(String model, Rig rig) {
    Crowd crowd = Crowd.ask(rig, model, 400);
    assertThat(crowd.failed()).isZero();
    crowd.assertShare("old", crowd.servedBy("old-"), 0.8);
    crowd.assertShare("new", crowd.servedBy("new-"), 0.2);
    assertAsked(rig, "old-epp", model, crowd.servedBy("old-"));
    assertAsked(rig, "new-epp", model, crowd.servedBy("new-"));
  }

  @Test
  void aServiceAmongTheBackends(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "to-a-service", 200);
    assertThat(crowd.failed()).isZero();
    crowd.assertShare("the Service", crowd.servedBy("plain-"), 0.5);
    assertAsked(rig, "new-epp", "to-a-service", crowd.servedBy("new-"));
    assertAsked(rig, "old-epp", "to-a-service", 0);
  }

  @Test
  void aMissingPoolAmongTheBackends(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "partly-broken", 200);
    crowd.assertShare("failed", crowd.failed(), 0.5);
    crowd.assertShare("old", crowd.servedBy("old-"), 0.5);
  }

  /** The rule's own policy is more specific than the HTTPRoute's. */
  @ParameterizedTest
  @CsvSource({"listed-a,old-0", "listed-b,old-0", "of-the-route,old-0", "of-rule-b,new-0"})
  void policyOnARule(String model, String pod, Rig rig) {
    assertThat(Client.chat(rig, model).servedBy()).isEqualTo(pod);
  }

  /** In front of a rule that asks for no model. */
  @ParameterizedTest
  @CsvSource({"path-new,new-0", "path-other,old-0"})
  void ruleByPath(String model, String pod, Rig rig) {
    Answer answer = Client.send(Client.json(rig.url(HTTP, "/models-by-path" + CHAT))
        .POST(BodyPublishers.ofString(Client.body(model))));
    assertThat(answer.servedBy()).as(answer.toString()).isEqualTo(pod);
    assertThat(Client.chat(rig, model).status()).as("on another path").isEqualTo(404);
  }

  @Test
  void inferenceModels(Rig rig) {
    for (String model : List.of("base", "adapter-1", "adapter-2")) {
      assertThat(Client.chat(rig, model).servedBy()).isEqualTo("old-0");
    }
    assertThat(Client.chat(rig, "of-another").status())
        .as("bound to another pool")
        .isEqualTo(404);
  }

  @Test
  void largeBody(Rig rig) {
    byte[] body = Client.body("of-rule-b", 9 << 20);
    Answer answer = Client.chat(rig, BodyPublishers.ofByteArray(body));
    assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("new-0");
    assertThat(answer.report().path("body_bytes").asInt()).isEqualTo(body.length);
  }

  @Test
  void listOfModels(Rig rig) {
    assertThat(list(rig, HTTP))
        .contains("split-me", "split-alias", "Org/Split-Me:v1", "to-a-service", "path-new")
        .contains("base", "adapter-1", "adapter-2", "qwen", "deepseek-r1")
        .doesNotContain("of-another", "only-here")
        .doesNotHaveDuplicates();
    assertThat(list(rig, LISTENER_MODELS))
        .contains("only-here", "qwen")
        .doesNotContain("only-there");
  }

  /** Its listener has a policy of its own. */
  @Test
  void noListWhereTheListenersPolicyWantsNone(Rig rig) {
    assertThat(get(rig, LISTENER_PASS).status()).isEqualTo(404);
  }

  @Test
  void aListenerWhosePolicyDoesNotMentionItListsItsModels(Rig rig) {
    assertThat(list(rig, LISTENER_NAMED)).contains("by-another-header");
    Answer one = Client.send(
        HttpRequest.newBuilder(rig.url(LISTENER_NAMED, "/v1/models/by-another-header")));
    assertThat(one.json().path("id").asString()).as(one.toString()).isEqualTo("by-another-header");
  }

  @Test
  void unknownModelPassesThrough(Rig rig) {
    assertThat(chat(rig, LISTENER_PASS, "only-there").servedBy()).isEqualTo("old-0");
    Answer answer = chat(rig, LISTENER_PASS, "gpt-unknown");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.response().body()).as("Envoy's own answer").isEmpty();
  }

  /** The listener's policy wants the name in X-Model too: routes match it, upstreams get it, clients cannot set it. */
  @Test
  void anotherHeaderCarriesTheName(Rig rig) {
    Answer answer = chat(rig, LISTENER_NAMED, "by-another-header");
    assertThat(answer.servedBy()).isEqualTo("old-0");
    assertThat(answer.reached("x-model")).isEqualTo("by-another-header");
    assertThat(answer.reached("x-gateway-model-name")).isEqualTo("by-another-header");
    Answer spoofed = Client.send(Client.json(rig.url(LISTENER_NAMED, Client.CHAT))
        .header("X-Model", "by-another-header")
        .POST(BodyPublishers.ofString(Client.body("gpt-unknown"))));
    assertThat(spoofed.error()).isEqualTo("model_not_found");
  }

  @Test
  void notFoundNamesTheModels(Rig rig) {
    List<String> models = list(rig, LISTENER_MODELS);
    Answer answer = chat(rig, LISTENER_MODELS, "gpt-unknown");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.error()).isEqualTo("model_not_found");
    Matcher message = Pattern.compile(".* Models here: (.*) and (\\d+) more\\.")
        .matcher(answer.json().path("error").path("message").asString());
    assertThat(message.matches()).as(answer.toString()).isTrue();
    List<String> named = List.of(message.group(1).split(", "));
    assertThat(models).startsWith(named.toArray(String[]::new));
    assertThat(named.size() + Integer.parseInt(message.group(2))).isEqualTo(models.size());
  }

  private static List<String> list(Rig rig, int listener) {
    Answer answer = get(rig, listener);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.json().path("object").asString()).isEqualTo("list");
    return answer
        .json()
        .path("data")
        .valueStream()
        .map(model -> model.path("id").asString())
        .toList();
  }

  private static Answer get(Rig rig, int listener) {
    return Client.send(HttpRequest.newBuilder(rig.url(listener, "/v1/models")));
  }

  private static Answer chat(Rig rig, int listener, String model) {
    return Client.send(
        Client.json(rig.url(listener, CHAT)).POST(BodyPublishers.ofString(Client.body(model))));
  }

  private static void assertAsked(Rig rig, String picker, String model, long times) {
    rig.picker(picker)
        .saw(calls ->
            assertThat(calls).filteredOn(call -> call.model().equals(model)).hasSize((int) times));
  }
}
