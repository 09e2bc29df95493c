package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static dev.pointsman.e2e.Client.HTTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.PickerHandle;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits hold for a model and a share alone; pods that fail are set aside, and come back. */
@EndToEnd
class CircuitBreakingIT {
  private static final Scenario CIRCUIT = Scenario.read(Path.of("testdata/e2e-circuit"));
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(CIRCUIT);
    await("the routes")
        .atMost(LIMIT)
        .until(() -> Client.chat(rig, "not-limited").status() == 200);
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(CIRCUIT);
  }

  @Test
  void excessOfOneModel(Rig rig) throws Exception {
    try (Held held = Held.open(rig, "limited")) {
      assertThat(held.servedBy()).isEqualTo("limited-0");
      for (int i = 0; i < 3; i++) {
        assertOverflow(Client.chat(rig, "limited"));
      }
      assertThat(Crowd.ask(rig, "not-limited", 20).servedBy("other-0")).isEqualTo(20);
    }
    await("the limit to be free again")
        .atMost(LIMIT)
        .until(() -> Client.chat(rig, "limited").status() == 200);
  }

  /** With one request at each of the two, both are full; one that is full leaves the other alone. */
  @Test
  void excessOfOneShare(Rig rig) throws Exception {
    try (Held left = Held.openAt(rig, "limited-split", "left-0")) {
      Set<String> served = new HashSet<>();
      int refused = 0;
      for (int i = 0; i < 40; i++) {
        Answer answer = Client.chat(rig, "limited-split");
        if (answer.status() == 200) {
          served.add(answer.servedBy());
        } else {
          assertOverflow(answer);
          refused++;
        }
      }
      assertThat(served).containsOnly("right-0");
      assertThat(refused).isPositive();
      try (Held right = Held.openAt(rig, "limited-split", "right-0")) {
        for (int i = 0; i < 10; i++) {
          assertOverflow(Client.chat(rig, "limited-split"));
        }
      }
    }
  }

  /** By an InferencePolicy: no BackendTrafficPolicy says anything of the pods' health. */
  @Test
  void failingPodIsSetAsideAndReturns(Rig rig) {
    PickerHandle picker = rig.picker("sick-epp");
    picker.name(rig.pod("sick-0").toString());
    rig.tell("sick-0", "fault?status=500");
    try {
      await("the pod to be ejected").atMost(LIMIT).until(() -> {
        Client.chat(rig, "sick");
        return isEjected(rig);
      });
      for (int i = 0; i < 5; i++) {
        Answer answer = Client.chat(rig, "sick");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.servedBy()).as("although the picker named sick-0").isEqualTo("sick-1");
      }
      rig.tell("sick-0", "fault?status=0");
      await("the pod to return").atMost(LIMIT).until(() -> !isEjected(rig));
      await("the pod to serve again")
          .atMost(LIMIT)
          .until(() -> Client.chat(rig, "sick").servedBy().equals("sick-0"));
    } finally {
      rig.tell("sick-0", "fault?status=0");
      picker.chooseAgain();
    }
  }

  @Test
  void retriesGoToThePickersNextChoice(Rig rig) {
    PickerHandle picker = rig.picker("retry-epp");
    picker.name(rig.pod("retry-0") + "," + rig.pod("retry-1"));
    rig.tell("retry-0", "fault?status=503");
    try {
      for (int i = 0; i < 10; i++) {
        assertThat(Client.chat(rig, "retry").servedBy()).isEqualTo("retry-1");
      }
      rig.tell("retry-1", "fault?status=503");
      for (int i = 0; i < 10; i++) {
        Answer answer = Client.chat(rig, "retry");
        assertThat(List.of("retry-0", "retry-1", "retry-2")).contains(answer.servedBy());
      }
      assertThat(Crowd.ask(rig, "retry", 20).servedBy("retry-2"))
          .as("after both choices had failed")
          .isPositive();
    } finally {
      rig.tell("retry-0", "fault?status=0");
      rig.tell("retry-1", "fault?status=0");
      picker.chooseAgain();
    }
  }

  private static boolean isEjected(Rig rig) {
    return rig.envoy().flags(rig.pod("sick-0")).contains("failed_outlier_check");
  }

  private static void assertOverflow(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.error()).isEqualTo("overloaded");
    assertThat(answer.response().headers().firstValue("retry-after")).contains("1");
  }

  /** A stream that its pod does not go on with until it is closed. */
  private record Held(Rig rig, HttpResponse<InputStream> response) implements AutoCloseable {
    static Held open(Rig rig, String model) {
      HttpResponse<InputStream> response = Http.send(
          Client.json(rig.url(HTTP, CHAT))
              .header("x-stub-hold", "yes")
              .POST(BodyPublishers.ofString(
                  "{\"stream\": true, \"messages\": [], \"model\": \"" + model + "\"}"))
              .build(),
          BodyHandlers.ofInputStream());
      return new Held(rig, response);
    }

    /** Repeated until the share is met. */
    static Held openAt(Rig rig, String model, String pod) throws Exception {
      for (int i = 0; i < 200; i++) {
        Held held = open(rig, model);
        if (held.servedBy().equals(pod)) {
          return held;
        }
        held.close();
      }
      throw new AssertionError("never at " + pod);
    }

    String servedBy() {
      return response.headers().firstValue("x-served-by").orElse("");
    }

    @Override
    public void close() throws Exception {
      if (!servedBy().isEmpty()) {
        rig.tell(servedBy(), "release");
      }
      String rest = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(response.statusCode() != 200 || rest.contains("[DONE]")).isTrue();
    }
  }
}
