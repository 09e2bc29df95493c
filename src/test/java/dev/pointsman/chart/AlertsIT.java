package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chart's alerts, by Prometheus' own tool: their syntax, and unit tests of each. */
class AlertsIT {
  private static final Path ALERTS = Path.of("charts", "pointsman", "files", "alerts.yaml");
  private static final Path TESTS = Path.of("testdata", "alerts", "alerts.yaml");

  @Test
  void eachAlertFiresOnItsCauseAndNotWithoutIt() throws Exception {
    String promtool = run("hack/promtool.sh").strip();
    assertThat(run(promtool, "check", "rules", "--lint-fatal", ALERTS.toString()))
        .contains("SUCCESS");
    assertThat(run(promtool, "test", "rules", TESTS.toString())).contains("SUCCESS");
  }

  @Test
  void eachAlertHasATest() throws IOException {
    String tests = Files.readString(TESTS);
    assertThat(
            Pattern.compile("alert: (\\w+)").matcher(Files.readString(ALERTS)).results())
        .hasSizeGreaterThan(9)
        .allSatisfy(alert -> assertThat(tests)
            .contains("alertname: " + alert.group(1) + "}")
            .contains("alertname=\"" + alert.group(1) + "\""));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out + err).isZero();
    return out;
  }
}
