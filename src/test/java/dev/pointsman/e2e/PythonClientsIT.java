package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.HTTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The stock Python clients of OpenAI and Anthropic: answers, streams, and the gateway's errors as their exceptions. */
@EndToEnd
class PythonClientsIT {
  private static final Path FOLDER = Path.of("testdata", "e2e-clients");
  private static final Scenario CLIENTS = Scenario.read(FOLDER);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void eachCallIsAnsweredAsTheClientsExpect(Rig rig) throws Exception {
    rig.addAndAwait(CLIENTS);
    try {
      await("the model without pods")
          .atMost(LIMIT)
          .until(() -> Client.chat(rig, "no-pods").status() == 503);
      String url = rig.url(HTTP, "").toString();
      Process clients = new ProcessBuilder(
              output("hack/python-clients.sh"), FOLDER.resolve("clients.py").toString(), url)
          .redirectErrorStream(true)
          .start();
      String said = new String(clients.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(clients.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(said).endsWith("all as expected\n");
      assertThat(said.lines()).hasSizeGreaterThan(25);
    } finally {
      rig.remove(CLIENTS);
    }
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(List.of(command))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.strip();
  }
}
