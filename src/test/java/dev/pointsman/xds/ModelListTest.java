package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.PolicyPlan;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each host has a list of its models, so that a list has a limit. */
class ModelListTest {
  private static final int LIMIT = 1 << 20;

  /** 256 models of 65 names, as many as one policy may have. */
  @ParameterizedTest
  @ValueSource(strings = {"model-of-a-policy", "\"", "\\", "模型", "\ud83e\udd99", "\u0001", "a\nb"})
  void noListIsLongerThanEnvoyAllows(String letters) {
    List<String> models =
        IntStream.range(0, 16_640).mapToObj(i -> letters.repeat(3) + i).toList();
    ModelList list = ModelList.of(models);
    String body = body(list);
    assertThat(body.getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(LIMIT)
        .isGreaterThan(LIMIT - 1_000);
    assertThat(list.leftOut()).isPositive();
    assertThat(names(body)).isEqualTo(models.subList(0, models.size() - list.leftOut()));
  }

  @Test
  void aShortListIsWhole() {
    ModelList list = ModelList.of(List.of("qwen", "deepseek/r1"));
    assertThat(list.leftOut()).isZero();
    assertThat(body(list))
        .isEqualTo(
            "{\"object\":\"list\",\"data\":["
                + "{\"id\":\"qwen\",\"object\":\"model\",\"created\":0,\"owned_by\":\"pointsman\"},"
                + "{\"id\":\"deepseek/r1\",\"object\":\"model\",\"created\":0,\"owned_by\":\"pointsman\"}]}");
    assertThat(names(body(ModelList.of(List.of())))).isEmpty();
  }

  @Test
  void theNumberOfOmittedModelsIsReported() throws Exception {
    List<String> models =
        IntStream.range(0, 16_640).mapToObj(i -> "model-name-" + i).toList();
    Route.Builder route = Route.newBuilder().setName("rule");
    route.getMatchBuilder().setPrefix("/").addHeaders(HeaderMatcher.newBuilder().setName("x"));
    route.getRouteBuilder().setCluster("cluster");
    PlannedRoute planned = new PlannedRoute(
        route.build().toByteString(),
        Optional.of(RouteFacts.of(route.build().toByteString())),
        Optional.empty(),
        PolicyPlan.NONE.withBaseModel(models),
        false,
        true);
    ObjectRef policy = new ObjectRef("InferencePolicy", "default", "list");
    HostModels setting = new HostModels(
        HostModels.Extraction.WHERE_NEEDED,
        Optional.empty(),
        1 << 20,
        true,
        new ModelListing.BeforeRoutes(policy),
        Optional.empty());
    List<Diagnostic> diagnostics = VirtualHosts.of(
            List.of(PlannedRoutes.of(List.of(planned))),
            new VirtualHosts.HostSettings(
                new LoopTokens(LoopSecret.PUBLIC, "table", "host"), GatewayFilters.NONE, setting))
        .arrange(Precedence.BY_NAME)
        .diagnostics();
    assertThat(diagnostics).singleElement().satisfies(diagnostic -> {
      assertThat(diagnostic.reason()).isEqualTo(Reason.ModelListTooLong);
      assertThat(diagnostic.about()).isEqualTo(policy);
      assertThat(diagnostic.message())
          .contains("leaves out " + ModelList.of(models).leftOut() + " models");
    });
  }

  private static String body(ModelList list) {
    return list.route()
        .getMetadata()
        .getFilterMetadataOrThrow(XdsNames.ANSWER_FILTER)
        .getFieldsOrThrow("list")
        .getStringValue();
  }

  private static List<String> names(String body) {
    JsonNode list = JsonMapper.shared().readTree(body);
    return list.path("data")
        .valueStream()
        .map(model -> model.path("id").asString())
        .toList();
  }
}
