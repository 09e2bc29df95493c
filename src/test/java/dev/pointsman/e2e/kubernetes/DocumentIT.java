package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Model name-based routing as its document has it, steps 1 to 4, with real endpoint pickers. */
@OnKubernetes
class DocumentIT {
  private static final Path DOCUMENT = Cluster.manifests("document");
  private static Gateway gateway;

  @BeforeAll
  static void steps1To3(Cluster cluster) {
    cluster.apply("default", DOCUMENT);
    for (String workload :
        new String[] {"qwen", "deepseek-r1", "qwen-ext-proc", "deepseek-ext-proc"}) {
      cluster.awaitRollout("default", "deployment/" + workload);
    }
    gateway = Gateway.await(cluster, "default", "inference-gateway");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.delete("default", DOCUMENT);
  }

  @ParameterizedTest
  @CsvSource({"qwen, qwen-", "deepseek-r1, deepseek-r1-"})
  void step4(String model, String podPrefix) {
    gateway.awaitServed(model, podPrefix);
    Answer answer = gateway.chat(model);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.servedBy()).startsWith(podPrefix);
    assertThat(answer.json().path("model").asString()).isEqualTo(model);
    assertThat(answer.json().at("/choices/0/message/role").asString()).isEqualTo("assistant");
  }

  @Test
  void unknownModel() {
    gateway.awaitServed("qwen", "qwen-");
    Answer answer = gateway.chat("gpt-unknown");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
    assertThat(answer.error()).isEqualTo("model_not_found");
  }
}
