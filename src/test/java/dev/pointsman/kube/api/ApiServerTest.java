package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {
  private static final String PODS = "/api/v1/pods";
  private static final Duration SILENCE = Duration.ofSeconds(1);

  @TempDir
  Path folder;

  /** As where a firewall has forgotten the connection: no end comes, either. */
  @Test
  @Timeout(20)
  void aConnectionOnWhichNothingComesAnyMoreIsEnded() throws Exception {
    try (StandInApiServer server = new StandInApiServer();
        ApiServer api = new ApiServer(server.access(folder), SILENCE);
        InputStream watch = api.get(PODS + "?watch=true")) {
      long started = System.nanoTime();
      for (int i = 0; i < 6; i++) {
        Thread.sleep(SILENCE.dividedBy(3));
        server.send(PODS, "{}");
        assertThat(watch.readNBytes(3)).as("what comes in time").hasSize(3);
      }
      assertThat(watch.read()).as("a plain end").isNegative();
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isGreaterThan(SILENCE.multipliedBy(3));
    }
  }
}
