package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A pool that Envoy Gateway sends is the pool that its user has written: defaults make no difference. */
class SamePoolTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper JSON = JsonMapper.shared();

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sentAsItWasWritten(GoldenCase golden) throws IOException {
    List<JsonNode> sent = golden.requests().stream()
        .filter(request -> request.hook().equals("PostRouteModify"))
        .map(request -> request.as(PostRouteModifyRequest.parser()))
        .flatMap(request -> request.getPostRouteContext().getExtensionResourcesList().stream())
        .map(ExtensionResource::getUnstructuredBytes)
        .map(json -> JSON.readTree(json.toByteArray()))
        .toList();
    if (!golden.name().equals("empty-request")) {
      assertThat(written(golden)).containsAll(parsed(sent));
    }
  }

  private static Set<Parsed<InferencePool>> written(GoldenCase golden) throws IOException {
    String objects = Files.readString(golden.folder().resolve("objects.yaml"));
    return parsed(YAML.readerFor(JsonNode.class).<JsonNode>readValues(objects).readAll());
  }

  private static Set<Parsed<InferencePool>> parsed(List<JsonNode> objects) {
    return objects.stream()
        .filter(PoolParser::isPool)
        .map(PoolParser::parse)
        .collect(Collectors.toSet());
  }
}
