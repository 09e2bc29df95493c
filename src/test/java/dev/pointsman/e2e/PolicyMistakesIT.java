package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake in a policy is said, and costs nobody else anything. */
@EndToEnd
class PolicyMistakesIT {
  private static final Scenario MISTAKES = Scenario.read(Path.of("testdata/e2e-mistakes"));
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(MISTAKES);
    await("the policies and routes")
        .atMost(LIMIT)
        .until(() -> Client.chat(rig, "many-199").status() == 200
            && Client.chat(rig, "mistake-mirror").status() == 200);
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(MISTAKES);
  }

  /** The rule goes on as if the policy were not there. */
  @ParameterizedTest
  @CsvSource({
    "mistake-mirror, InferencePolicy default/mistake-mirror spec.mirrors[0].pool, BackendNotFound",
    "mistake-foreign, InferencePolicy default/mistake-foreign spec.mirrors[0].pool, RefNotPermitted",
    "mistake-weight, InferencePolicy default/mistake-weight spec.models[0].backends[0].weight, InvalidPolicy",
    "mistake-percent, InferencePolicy default/mistake-percent spec.mirrors[0].percent, InvalidPolicy",
    "mistake-field, InferencePolicy default/mistake-field, InvalidPolicy",
    "mistake-twice, InferencePolicy default/a-younger spec.targetRefs, Conflicted"
  })
  void ruleIsServedAndTheMistakeIsReported(String model, String object, String reason, Rig rig)
      throws IOException {
    assertThat(Crowd.ask(rig, model, 20).servedBy("right-pod-")).isEqualTo(20);
    assertThat(Files.readAllLines(rig.folder().resolve("pointsman.log")))
        .anySatisfy(line -> assertThat(line).contains(object).endsWith(" " + reason + ")"));
  }

  @Test
  void twoHundredModels(Rig rig) {
    for (int i : new int[] {0, 1, 99, 198, 199}) {
      assertThat(Client.chat(rig, "many-" + i).servedBy()).isEqualTo("right-pod-0");
    }
    assertThat(Client.chat(rig, "mistake-many").servedBy()).isEqualTo("right-pod-0");
    assertThat(Client.chat(rig, "many-200").status()).isEqualTo(404);
  }

  /** Nothing of these is taken by mistake. */
  @Test
  void regexThatRe2Refuses(Rig rig) {
    assertThat(Client.chat(rig, "gpt-unknown").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "deepseek-r1", "open", "close", "eject", "elastic", "legacy"})
  void othersAreServed(String model, Rig rig) {
    assertThat(Client.chat(rig, model).servedBy()).startsWith(model + "-");
  }

  @Test
  void nothingIsRejected(Rig rig) {
    assertThat(rig.envoy().stats("update_rejected").values()).isNotEmpty().containsOnly(0L);
  }
}
