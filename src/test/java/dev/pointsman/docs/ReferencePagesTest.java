package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.golden.GoldenFile;
import dev.pointsman.rig.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The parts of the reference that are made from the code: all below the marker of a page. With
 * {@code -Dgolden.update=true} they are written.
 */
class ReferencePagesTest {
  private static final String MARKER = "<!-- Made from the code by ReferencePagesTest. -->\n";

  @Test
  void commandLine() {
    assertMadeOf("command-line", CommandHelp.sections());
  }

  @Test
  void fieldsOfThePolicy() throws IOException {
    assertMadeOf("policy-fields", PolicyFields.table());
  }

  @Test
  void valuesOfTheChart() throws IOException {
    assertMadeOf("chart-values", ChartValues.table());
  }

  @Test
  void metrics() throws IOException {
    assertMadeOf("metrics", MetricsTable.table());
  }

  @Test
  void runsWithReleasesOfEnvoyGateway() {
    assertMadeOf("compatibility", CompatibilityTable.table());
  }

  /** The tests run the newest release that can be had here, and all of its runs have passed. */
  @Test
  void theReleaseOfTheTestsPassesAll() {
    JsonNode newest = CompatibilityTable.runs().get(0);
    assertThat(newest.path("version").asString()).isEqualTo(Versions.of("ENVOY_GATEWAY_VERSION"));
    assertThat(newest.path("failed")).isEmpty();
  }

  /** The table of metrics to watch is written by hand; its names are those of the code. */
  @Test
  void metricsToWatchExist() throws IOException {
    String all = MetricsTable.table();
    TreeSet<String> named = new TreeSet<>();
    Pattern.compile("pointsman_[a-z_]+[a-z]")
        .matcher(DocPage.read(DocPage.SITE.resolve("alerts.md")).text())
        .results()
        .map(MatchResult::group)
        .forEach(named::add);
    assertThat(named).hasSizeGreaterThan(15).allSatisfy(name -> assertThat(all).contains(name));
  }

  @Test
  void everyAlertIsInTheTable() throws IOException {
    String page = DocPage.read(DocPage.SITE.resolve("alerts.md")).text();
    List<String> alerts = Pattern.compile("- alert: (\\w+)")
        .matcher(Files.readString(Path.of("charts/pointsman/files/alerts.yaml")))
        .results()
        .map(alert -> alert.group(1))
        .toList();
    assertThat(alerts)
        .hasSizeGreaterThan(8)
        .allSatisfy(alert -> assertThat(page).contains("| `" + alert + "` |"));
  }

  private static void assertMadeOf(String name, String made) {
    DocPage page = DocPage.read(DocPage.SITE.resolve(name + ".md"));
    int marker = page.text().indexOf(MARKER);
    assertThat(marker).as("the marker in " + page).isPositive();
    new GoldenFile(page.path())
        .assertIs(page.text().substring(0, marker) + MARKER + "\n" + made.strip() + "\n");
  }
}
