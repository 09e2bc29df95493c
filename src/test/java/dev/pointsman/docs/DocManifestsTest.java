package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pointsman.config.GatewayConfig;
import dev.pointsman.config.GatewayConfig.HookSettings;
import dev.pointsman.config.HostPort;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.kube.files.ResourceFiles.FolderObjects;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every YAML block of the documentation can be read, and is what it says to be. {@link DocManifestsIT} applies them. */
class DocManifestsTest {
  private static final YAMLMapper YAML = YAMLMapper.shared();

  static Stream<DocPage> pages() {
    return DocPage.all().filter(page -> !page.blocks("yaml").isEmpty());
  }

  /** The documents of a page's blocks. */
  static List<JsonNode> documents(DocPage page) {
    List<JsonNode> documents = new ArrayList<>();
    for (DocPage.Block block : page.blocks("yaml")) {
      try (var read = YAML.readerFor(JsonNode.class).<JsonNode>readValues(block.text())) {
        read.forEachRemaining(documents::add);
      }
    }
    return documents;
  }

  @Test
  void thereAreManifests() {
    assertThat(pages().flatMap(page -> documents(page).stream())).hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void oursAreReadWithoutADiagnostic(DocPage page, @TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("all.yaml"), objects(page));
    FolderObjects read = ResourceFiles.read(folder);
    assertThat(read.problems()).isEmpty();
    for (JsonNode object : documents(page)) {
      if (PolicyParser.isPolicy(object)) {
        assertThat(said(PolicyParser.parse(object))).as(object.toString()).isEmpty();
      }
    }
  }

  private static List<Diagnostic> said(Parsed<InferencePolicy> policy) {
    return switch (policy) {
      case Parsed.Valid<InferencePolicy> valid -> valid.remarks();
      case Parsed.Invalid<InferencePolicy> invalid -> invalid.problems();
    };
  }

  /** The objects of a page as one file; a pool that is there twice, in two steps of a guide, counts once. */
  private static String objects(DocPage page) {
    List<String> texts = new ArrayList<>();
    for (JsonNode object : documents(page)) {
      if (object.has("apiVersion")) {
        texts.add(YAML.writeValueAsString(object));
      }
    }
    return String.join("", texts.stream().distinct().toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void fragmentsAreValuesOfTheChartOrEnvoyGatewaysBlock(DocPage page) throws IOException {
    Schema values = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(
            Files.readString(Path.of("charts/pointsman/values.schema.json")), InputFormat.JSON);
    for (JsonNode document : documents(page)) {
      if (document.has("extensionManager")) {
        assertThat(document)
            .isEqualTo(YAML.readTree(GatewayConfig.extensionManager(new HookSettings(
                new HostPort("127.0.0.1", 5005),
                ByteSize.mebibytes(64),
                Optional.empty(),
                true,
                Optional.empty()))));
      } else if (!document.has("apiVersion")) {
        assertThat(values.validate(document)).as(document.toString()).isEmpty();
      }
    }
  }
}
