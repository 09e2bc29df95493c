package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.status.StatusInputs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TranslationRequesterTest {
  private static final String POLICIES =
      "/apis/pointsman.dev/v1alpha1/namespaces/infra/inferencepolicies";
  private static final String LIMIT = POLICIES + "/limit";
  private static final String OURS =
      "/apis/pointsman.dev/v1alpha1/namespaces/system/inferencepolicies";

  private final FakeWriteApi api = new FakeWriteApi();
  private final Counts counts = new Counts();
  private final TranslationRequester requester = new TranslationRequester(
      new OptimisticWrites(
          api, counts, Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC)),
      "system",
      "pointsman-0",
      Duration.ZERO);

  @BeforeEach
  void aPolicyOnAGateway() {
    api.put(LIMIT, policy());
  }

  @Test
  void changesWhatIsTranslatedFirstAndWakesThen() throws InterruptedException {
    ask(policy());
    assertThat(api.writes)
        .containsExactly(
            "PUT " + LIMIT + "/status",
            "POST " + OURS,
            "DELETE " + OURS + "/" + TranslationRequester.NAME);
    assertThat(api.get(LIMIT).orElseThrow().at("/status/ancestors/1").toString())
        .contains("pointsman.dev/TranslationRequested")
        .contains("pointsman-0 has started at 2026-11-22T12:00:00Z");
  }

  @Test
  void ofNothingNothingIsAsked() throws InterruptedException {
    ask();
    assertThat(api.writes).isEmpty();
  }

  @Test
  void leftoversOfAnotherReplicaAreDeleted() throws InterruptedException {
    api.put(OURS + "/" + TranslationRequester.NAME, json("{}"));
    ask(policy());
    assertThat(api.get(OURS + "/" + TranslationRequester.NAME)).isEmpty();
  }

  @Test
  void aStatusThatAnotherWritesMeanwhileIsWrittenAgain() throws InterruptedException {
    int[] conflicts = {2};
    api.before = path -> {
      if (path.endsWith("/status") && conflicts[0]-- > 0) {
        api.put(LIMIT, policy());
      }
    };
    ask(policy());
    assertThat(api.writes).contains("PUT " + LIMIT + "/status");
  }

  @Test
  void anObjectThatHasJustChangedIsLeftAlone() throws InterruptedException {
    api.put(LIMIT, json(policy().toString().replace("\"generation\":1", "\"generation\":2")));
    ask(policy());
    assertThat(api.writes).noneMatch(write -> write.endsWith("/status")).hasSize(2);
  }

  @Test
  void ownWritesAreCounted() throws InterruptedException {
    ask(policy());
    assertThat(counts.statuses).hasValue(1);
  }

  @Test
  void afterAnOutageItIsAskedAgainAndAfterARefusalNot() throws InterruptedException {
    for (int code : new int[] {503, 403}) {
      api.before = path -> {
        if (path.equals(OURS)) {
          throw new WriteFailure(code, "no", new IllegalStateException());
        }
      };
      assertThat(requester.ask(inputs(policy()), Cause.STARTED)).isEqualTo(code == 403);
    }
    assertThat(counts.failures).hasValue(2);
    assertThat(api.objects).as("what stays behind").containsOnlyKeys(LIMIT);
    api.before = _ -> {};
    assertThat(requester.ask(inputs(policy()), Cause.STARTED)).isTrue();
    assertThat(api.writes).contains("DELETE " + OURS + "/" + TranslationRequester.NAME);
  }

  /** As a pool of an older definition, which the API server takes no status for, or one behind a webhook that is down. */
  @Test
  void oneObjectThatCannotBeWrittenDoesNotCancelTheRequest() throws InterruptedException {
    JsonNode odd = json(policy().toString().replace("\"limit\"", "\"a-broken\""));
    for (int code : new int[] {422, 500, 0}) {
      api.put(POLICIES + "/a-broken", odd);
      api.put(LIMIT, policy());
      api.writes.clear();
      failFor("/a-broken/", code);
      requester.forAll();
      assertThat(requester.ask(inputs(odd, policy()), Cause.STARTED))
          .as("a refusal is not retried")
          .isEqualTo(code == 422);
      assertThat(api.writes)
          .as("%s", code)
          .containsExactly(
              "PUT " + LIMIT + "/status",
              "POST " + OURS,
              "DELETE " + OURS + "/" + TranslationRequester.NAME);
    }
  }

  @Test
  void anObjectThatFailsOnceIsWrittenBeforeTheTrigger() throws InterruptedException {
    api.put(POLICIES + "/other", json(policy().toString().replace("\"limit\"", "\"other\"")));
    int[] failures = {1};
    api.before = path -> {
      if (path.contains("/limit/") && failures[0]-- > 0) {
        throw new WriteFailure(500, "no leader", new IllegalStateException());
      }
    };
    ask(policy(), json(policy().toString().replace("\"limit\"", "\"other\"")));
    assertThat(api.writes)
        .startsWith("PUT " + POLICIES + "/other/status", "PUT " + LIMIT + "/status");
  }

  /** As three namespaces whose webhook is down, which come first by name. */
  @Test
  void failingNamespacesDoNotStopTheRequestOfOthers() throws InterruptedException {
    List<JsonNode> all = new ArrayList<>(List.of(policy()));
    for (String namespace : List.of("a", "b", "c", "d")) {
      JsonNode failing = in(namespace);
      all.add(failing);
      api.put(LIMIT.replace("/infra/", "/" + namespace + "/"), failing);
    }
    api.before = path -> {
      if (path.matches(".*/namespaces/[abcd]/.*")) {
        throw new WriteFailure(500, "no", new IllegalStateException());
      }
    };
    for (int i = 0; i < 3; i++) {
      assertThat(requester.ask(inputs(all.toArray(JsonNode[]::new)), Cause.STARTED))
          .isFalse();
    }
    assertThat(api.writes)
        .as("the third time is for the rest alone")
        .containsExactly(
            "PUT " + LIMIT + "/status",
            "POST " + OURS,
            "DELETE " + OURS + "/" + TranslationRequester.NAME);
    api.before = _ -> {};
    api.writes.clear();
    assertThat(requester.ask(inputs(all.toArray(JsonNode[]::new)), Cause.STARTED))
        .isTrue();
    assertThat(api.writes).hasSize(6).doesNotContain("PUT " + LIMIT + "/status");
  }

  private static JsonNode in(String namespace) {
    return json(policy().toString().replace("\"infra\"", "\"" + namespace + "\""));
  }

  @Test
  void whereNothingCanBeWrittenNothingIsTriggered() throws InterruptedException {
    for (int code : new int[] {500, 422}) {
      failFor("/limit/", code);
      assertThat(requester.ask(inputs(policy()), Cause.STARTED)).isEqualTo(code == 422);
    }
    assertThat(api.writes).isEmpty();
  }

  private void failFor(String part, int code) {
    api.before = path -> {
      if (path.contains(part)) {
        throw new WriteFailure(code, "no", new IllegalStateException());
      }
    };
  }

  private void ask(JsonNode... policies) throws InterruptedException {
    assertThat(requester.ask(inputs(policies), Cause.STARTED)).isTrue();
  }

  private static JsonNode policy() {
    return json("""
        {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
         "metadata": {"namespace": "infra", "name": "limit", "generation": 1},
         "spec": {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "edge"}],
                  "model": {"bodyLimit": "1Mi"}},
         "status": {"ancestors": [{
           "ancestorRef": {"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "infra", "name": "edge"},
           "controllerName": "gateway.envoyproxy.io/gatewayclass-controller", "conditions": []}]}}""");
  }

  private static StatusInputs inputs(JsonNode... policies) {
    List<JsonNode> gateways = Stream.of("infra", "a", "b", "c", "d")
        .map(namespace -> json("""
        {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
         "metadata": {"namespace": "%s", "name": "edge"}, "spec": {"listeners": [{"name": "http"}]}}""".formatted(namespace)))
        .toList();
    return new StatusInputs(
        ClusterSnapshot.EMPTY,
        Set.of(),
        "pointsman",
        List.of(),
        List.of(),
        gateways,
        List.of(policies));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
