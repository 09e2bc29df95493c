package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A SecurityPolicy on one model's route holds for that model, although the model is known late, and for no other. */
@EndToEnd
class ProtectedModelIT {
  private static final Scenario PROTECTED = Scenario.read(Path.of("testdata/e2e-protected"));

  /** More than a crowd of clients leaves open. */
  private static final int CONNECTIONS = 50;

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(PROTECTED);
    await("both models")
        .atMost(Duration.ofSeconds(30))
        .until(() -> Client.chat(rig, "protected").status() == 200
            && Client.chat(rig, "free").status() == 200);
    // A connection that earlier tests have left open still has the listener's filters of before the
    // policy.
    await("no older connection").atMost(Duration.ofSeconds(30)).until(() -> {
      int before = asked(rig, "authorizer-0");
      for (int i = 0; i < CONNECTIONS; i++) {
        Client.chat(rig, "protected");
      }
      return asked(rig, "authorizer-0") == before + CONNECTIONS;
    });
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(PROTECTED);
  }

  @AfterEach
  void allow(Rig rig) {
    rig.tell("authorizer-0", "fault?status=0");
  }

  @Test
  void authorizerIsAskedForItsModelOnly(Rig rig) {
    int before = asked(rig, "authorizer-0");
    assertThat(Client.chat(rig, "free").servedBy()).isEqualTo("free-0");
    assertThat(asked(rig, "authorizer-0")).isEqualTo(before);
    assertThat(Client.chat(rig, "protected").servedBy()).isEqualTo("protected-0");
    assertThat(asked(rig, "authorizer-0")).isEqualTo(before + 1);
  }

  @Test
  void forbiddenRequestsReachNoPod(Rig rig) {
    rig.tell("authorizer-0", "fault?status=403");
    int before = asked(rig, "protected-0");
    Answer forbidden = Client.chat(rig, "protected");
    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(asked(rig, "protected-0")).isEqualTo(before);
    assertThat(Client.chat(rig, "free").servedBy()).isEqualTo("free-0");
  }

  /** Requests that it has taken. */
  private static int asked(Rig rig, String pod) {
    return JsonMapper.shared().readTree(rig.tell(pod, "count")).path("count").asInt();
  }
}
