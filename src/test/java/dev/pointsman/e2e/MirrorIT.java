package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.PickerCall;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import dev.pointsman.rig.Settled;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Copies of requests arrive where they shall, and the originals do not notice. */
@EndToEnd
class MirrorIT {
  private static final Scenario MIRROR = Scenario.read(Path.of("testdata/e2e-mirror"));
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<String> PODS = List.of(
      "primary-0", "primary-1", "shadow-0", "shadow-1", "third-shadow-0", "recorder-0", "lonely-0");

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(MIRROR);
    await("the routes")
        .atMost(LIMIT)
        .until(() -> Client.chat(rig, "mirror-service").status() == 200);
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(MIRROR);
  }

  /** A RequestMirror filter to a Backend and a policy's mirror to a pool. */
  @Test
  void filterNextToAPoolIsKept(Rig rig) {
    PodCounts before = PodCounts.of(rig, PODS);
    assertPrimary(Crowd.ask(rig, "mirror-filter", 20));
    await().atMost(LIMIT).untilAsserted(() -> {
      PodCounts since = PodCounts.of(rig, PODS).since(before);
      assertThat(since.at("recorder-0")).isEqualTo(20);
      assertThat(since.at("third-shadow-0")).isEqualTo(20);
      assertThat(since.at("primary-")).isEqualTo(20);
    });
  }

  @Test
  void mirrorPoolsOwnPickerChooses(Rig rig) {
    long known = calls(rig, "shadow-epp", "mirror-use").size();
    String pick = rig.pod("shadow-1").toString();
    rig.picker("shadow-epp").name(pick);
    PodCounts before = PodCounts.of(rig, PODS);
    try {
      assertPrimary(Crowd.ask(rig, "mirror-use", 20));
      await().atMost(LIMIT).untilAsserted(() -> {
        PodCounts since = PodCounts.of(rig, PODS).since(before);
        assertThat(since.at("shadow-1")).isEqualTo(20);
        assertThat(since.at("shadow-0")).isZero();
        assertThat(since.at("primary-")).isEqualTo(20);
        List<PickerCall> calls = calls(rig, "shadow-epp", "mirror-use");
        assertThat(calls).as("once for each copy").hasSize((int) known + 20);
        assertThat(calls.getLast().served()).isEqualTo(pick);
      });
    } finally {
      rig.picker("shadow-epp").chooseAgain();
    }
  }

  @Test
  void mirrorWithoutThePicker(Rig rig) {
    PodCounts before = PodCounts.of(rig, PODS);
    assertPrimary(Crowd.ask(rig, "mirror-skip", 20));
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(PodCounts.of(rig, PODS).since(before).at("shadow-")).isEqualTo(20));
    assertThat(calls(rig, "shadow-epp", "mirror-skip")).isEmpty();
  }

  @Test
  void percent(Rig rig) {
    PodCounts before = PodCounts.of(rig, PODS);
    Crowd crowd = Crowd.ask(rig, "mirror-percent", 1000);
    assertPrimary(crowd);
    long copies = Settled.value(
        "the copies",
        Duration.ofMillis(300),
        () -> PodCounts.of(rig, PODS).since(before).at("shadow-"));
    crowd.assertShare("copies", copies, 0.3, 3);
  }

  @Test
  void severalMirrors(Rig rig) {
    PodCounts before = PodCounts.of(rig, PODS);
    Crowd crowd = Crowd.ask(rig, "mirror-several", 200);
    assertPrimary(crowd);
    await().atMost(LIMIT).untilAsserted(() -> {
      PodCounts since = PodCounts.of(rig, PODS).since(before);
      assertThat(since.at("shadow-")).isEqualTo(200);
      assertThat(since.at("third-shadow-0")).isEqualTo(200);
      crowd.assertShare("to the Service", since.at("recorder-0"), 0.5);
    });
  }

  /** The copy goes to the pool of the original, but not where its picker sent the original. */
  @Test
  void copyDoesNotFollowTheOriginalsPick(Rig rig) {
    rig.picker("primary-epp").name(rig.pod("primary-0").toString());
    PodCounts before = PodCounts.of(rig, PODS);
    try {
      Crowd crowd = Crowd.ask(rig, "mirror-self", 40);
      assertThat(crowd.servedBy("primary-0")).isEqualTo(40);
      await().atMost(LIMIT).untilAsserted(() -> {
        PodCounts since = PodCounts.of(rig, PODS).since(before);
        assertThat(since.at("primary-")).isEqualTo(80);
        assertThat(since.at("primary-1")).as("copies elsewhere").isBetween(5L, 40L);
      });
    } finally {
      rig.picker("primary-epp").chooseAgain();
    }
  }

  @Test
  void mirrorToAService(Rig rig) {
    PodCounts before = PodCounts.of(rig, PODS);
    assertPrimary(Crowd.ask(rig, "mirror-service", 20));
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(PodCounts.of(rig, PODS).since(before).at("recorder-0")).isEqualTo(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirror-use", "mirror-skip"})
  void largeBody(String model, Rig rig) {
    byte[] body = Client.body(model, 9 << 20);
    PodCounts before = PodCounts.of(rig, PODS);
    Answer answer = Client.chat(rig, BodyPublishers.ofByteArray(body));
    assertThat(answer.servedBy()).startsWith("primary-");
    assertThat(answer.report().path("body_bytes").asInt()).isEqualTo(body.length);
    await().atMost(LIMIT).untilAsserted(() -> {
      PodCounts since = PodCounts.of(rig, PODS).since(before);
      assertThat(since.at("shadow-")).isEqualTo(1);
      String pod = since.at("shadow-0") == 1 ? "shadow-0" : "shadow-1";
      JsonNode copy = state(rig, pod).path("last");
      assertThat(copy.path("body_bytes").asInt()).isEqualTo(body.length);
      assertThat(copy.path("body_sha256")).isEqualTo(answer.report().path("body_sha256"));
    });
  }

  @Test
  void copyIsTheRequest(Rig rig) {
    Answer answer = Client.chat(rig, "mirror-service");
    await().atMost(LIMIT).untilAsserted(() -> {
      JsonNode copy = state(rig, "recorder-0").path("last");
      assertThat(copy.path("path").asString()).isEqualTo(Client.CHAT);
      assertThat(copy.path("body_sha256")).isEqualTo(answer.report().path("body_sha256"));
      assertThat(copy.path("headers").path("host"))
          .isEqualTo(answer.report().path("headers").path("host"));
      assertThat(copy.path("headers").has("x-gateway-destination-endpoint")).isFalse();
    });
  }

  @Test
  void mirrorPoolWithoutPods(Rig rig) {
    assertPrimary(Crowd.ask(rig, "mirror-no-pods", 50));
  }

  @Test
  void failingMirrorPods(Rig rig) {
    rig.tell("lonely-0", "fault?status=503");
    try {
      assertPrimary(Crowd.ask(rig, "mirror-lonely", 50));
    } finally {
      rig.tell("lonely-0", "fault?status=0");
    }
  }

  @Test
  void mirrorPickerDown(Rig rig) {
    rig.picker("lonely-epp").kill();
    try {
      assertPrimary(Crowd.ask(rig, "mirror-lonely", 50));
    } finally {
      rig.picker("lonely-epp").restart();
    }
    PodCounts before = PodCounts.of(rig, PODS);
    await("copies again").atMost(LIMIT).until(() -> {
      assertThat(Client.chat(rig, "mirror-lonely").servedBy()).startsWith("primary-");
      return PodCounts.of(rig, PODS).since(before).at("lonely-0") > 0;
    });
  }

  @Test
  void mirrorPickerHangs(Rig rig) {
    rig.picker("lonely-epp").hang(true);
    try {
      assertPrimary(Crowd.ask(rig, "mirror-lonely", 50));
    } finally {
      rig.picker("lonely-epp").hang(false);
    }
  }

  private static void assertPrimary(Crowd crowd) {
    assertThat(crowd.servedBy("primary-"))
        .as("answered by the primary's pods")
        .isEqualTo(crowd.answers().size());
  }

  private static List<PickerCall> calls(Rig rig, String picker, String model) {
    return rig.picker(picker).calls().stream()
        .filter(call -> call.model().equals(model))
        .toList();
  }

  private static JsonNode state(Rig rig, String pod) {
    return JsonMapper.shared().readTree(rig.tell(pod, "count"));
  }
}
