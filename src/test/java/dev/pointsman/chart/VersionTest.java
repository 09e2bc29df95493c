package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code hack/image.sh} takes the image's tag from pom.xml, the chart takes it from its own appVersion. */
class VersionTest {
  @Test
  void theChartNamesTheImageThatIsBuilt() throws IOException {
    Matcher version = Pattern.compile("(?m)^  <version>(.*)</version>")
        .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    JsonNode chart =
        YAMLMapper.shared().readTree(Files.readString(Path.of("charts/pointsman/Chart.yaml")));
    assertThat(chart.path("appVersion").asString()).isEqualTo(version.group(1));
    assertThat(Files.readString(Path.of("README.md")))
        .contains("pointsman:" + version.group(1))
        .doesNotContain("SNAPSHOT");
  }
}
