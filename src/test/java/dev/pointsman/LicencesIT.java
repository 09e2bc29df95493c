package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The list of parts (SBOM) has every jar that ships, and each of them has a licence that we may ship it under. */
class LicencesIT {
  private static final Path SBOM = Path.of("target/sbom.cdx.json");

  /** By SPDX. Logback may be had under the LGPL or the EPL, and is had under the EPL. */
  private static final Set<String> ACCEPTED = Set.of(
      "Apache-2.0",
      "BSD-2-Clause",
      "BSD-3-Clause",
      "EPL-1.0",
      "EPL-2.0",
      "MIT",
      "MIT-0",
      "BSD-3-Clause OR Apache-2.0",
      "Go License");

  @Test
  void eachPartHasAnAcceptedLicence() throws IOException {
    List<String> refused = components()
        .filter(part -> licences(part).stream().noneMatch(ACCEPTED::contains))
        .map(part -> part.path("purl").asString("") + " " + licences(part))
        .toList();
    assertThat(refused).isEmpty();
  }

  @Test
  void eachJarThatShipsIsListed() throws IOException {
    Set<String> listed = new TreeSet<>();
    components()
        .forEach(part -> listed.add(
            part.path("name").asString("") + "-" + part.path("version").asString("")));
    try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString().replaceFirst("\\.jar$", "")))
          .isNotEmpty()
          .allSatisfy(
              jar -> assertThat(listed).anySatisfy(part -> assertThat(jar).startsWith(part)));
    }
  }

  private static Stream<JsonNode> components() throws IOException {
    JsonNode sbom = JsonMapper.shared().readTree(Files.readString(SBOM));
    assertThat(sbom.path("bomFormat").asString("")).isEqualTo("CycloneDX");
    assertThat(sbom.path("components").size()).isGreaterThan(50);
    return sbom.path("components").valueStream();
  }

  private static List<String> licences(JsonNode part) {
    return part.path("licenses")
        .valueStream()
        .map(one -> one.path("license").path("id").asString("")
            + one.path("license").path("name").asString("")
            + one.path("expression").asString(""))
        .toList();
  }
}
