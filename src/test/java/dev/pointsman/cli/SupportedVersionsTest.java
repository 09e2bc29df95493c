package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The supported versions are those of the tests, of the chart and of the documentation. */
class SupportedVersionsTest extends CommandLine {
  private static String minor(String name) {
    return Versions.of(name).replaceFirst("\\.\\d+$", "");
  }

  @Test
  void testsRunTheNewestAndTheOldest() {
    assertThat(SupportedVersions.ENVOY.versions())
        .isEqualTo(minor("ENVOY_VERSION_OLDEST") + " to " + minor("ENVOY_VERSION"));
    assertThat(SupportedVersions.ENVOY_GATEWAY.versions())
        .endsWith("and " + minor("ENVOY_GATEWAY_VERSION"));
  }

  @Test
  void theChartRefusesOlderClusters() throws IOException {
    String oldest = SupportedVersions.KUBERNETES.versions().replace(" and later", "");
    assertThat(Files.readString(Path.of("charts/pointsman/Chart.yaml")))
        .contains("kubeVersion: \">=" + oldest + ".0-0\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "src/site/markdown/install.md"})
  void pagesSayTheSame(String page) throws IOException {
    assertThat(Files.readString(Path.of(page)))
        .contains("Envoy " + SupportedVersions.ENVOY.versions())
        .contains("Kubernetes " + SupportedVersions.KUBERNETES.versions())
        .containsPattern("Envoy Gateway 1\\.8 (and|or) 1\\.9");
  }

  @Test
  void versionPrintsAll() {
    assertThat(run("version").out())
        .startsWith("pointsman ")
        .contains(SupportedVersions.lines())
        .contains("Inference Extension");
  }
}
