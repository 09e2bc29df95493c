package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Routes for the models of a policy. */
class PolicyModelRoutesTest extends PolicyRouteFixture {
  @Test
  void aPolicysModelsStandInFrontOfTheirRulesRoute() {
    List<Route> routes = arrange(
        planned(route("rule", "/v1").build(), "a", "b"),
        planned(route("rest", "/web").build()));
    assertThat(routes)
        .extracting(Route::getName)
        .containsExactly(
            "pointsman/invalid-model",
            "rule/model/a",
            "rule/model-arrival",
            "rule",
            "rest",
            "pointsman/unknown-model",
            "pointsman/models");
    assertThat(routes.get(1).getMatch().getPrefix()).isEqualTo("/v1");
    assertThat(regex(routes.get(1))).isEqualTo("a|b");
  }

  @Test
  void aModelAloneIsMatchedAsItIs() {
    Route narrow = HeaderMatchRoutes.narrow(route("rule", "/v1").build(), List.of("a.*"));
    assertThat(narrow.getName()).isEqualTo("rule/model/a.*");
    assertThat(header(narrow, XdsNames.MODEL_HEADER)).isEqualTo("a.*");
  }

  /** RE2 is what Envoy matches with: each name is matched, and nothing else is. */
  @Test
  void severalModelsAreMatchedLetterByLetter() {
    List<String> names = List.of(
        "a.*",
        "(a|b)+",
        "[x]{2}",
        "\\d^$",
        "a|b",
        "100%",
        "\\Q..\\E",
        "meta-llama/Llama-3.1-8B",
        "\u6a21\u578b",
        "\ud83e\udd99?",
        "a b",
        "-",
        "\\",
        "x-y_z:w@v#1,2;3<4>5=6&7'8\"9`~!");
    Pattern regex =
        Pattern.compile(regex(HeaderMatchRoutes.narrow(route("r", "/").build(), names)));
    assertThat(names).allMatch(regex::matches);
    assertThat(List.of("aXX", "a", "ab", "xx", "5^$", "100%%", "..", "meta-llama/Llama-3x1-8B", ""))
        .noneMatch(regex::matches);
  }

  @Test
  void manyModelsAreSeveralRegularExpressionsOfABoundedLength() {
    List<String> names = IntStream.range(0, 3_000)
        .mapToObj(i -> "tenant.a/adapter-%06d".formatted(i))
        .toList();
    List<Route> routes =
        arrange(planned(route("rule", "/v1").build(), names.toArray(String[]::new))).stream()
            .filter(route -> route.getName().startsWith("rule/model/"))
            .toList();
    assertThat(routes).extracting(Route::getName).hasSize(10).doesNotHaveDuplicates();
    assertThat(routes).allMatch(route -> regex(route).length() <= 8 << 10);
    assertThat(routes.stream().flatMap(route -> Stream.of(regex(route).split("\\|"))))
        .containsExactlyElementsOf(names.stream().map(UserStrings::quoted).toList());
  }

  @Test
  void routesThatGatewayApiPutsFirstStayFirst() {
    Route narrower = route("narrower", "/v1/chat").build();
    Route byModel = withHeader(route("by-model", "/v1"), MODEL, "a").build();
    assertThat(arrange(
            planned(narrower), planned(byModel), planned(route("rule", "/v1").build(), "a")))
        .extracting(Route::getName)
        .containsSubsequence("narrower", "by-model", "rule/model/a", "rule");
  }

  @Test
  void aPolicysModelTakesTheOtherConditionsOfItsRule() {
    Route route = withHeader(withHeader(route("rule", "/v1"), "x-tenant", "blue"), MODEL, "old")
        .build();
    Route narrow = HeaderMatchRoutes.narrow(route, List.of("new"));
    assertThat(narrow.getMatch().getHeadersList())
        .extracting(HeaderMatcher::getName)
        .containsExactly("x-tenant", XdsNames.MODEL_HEADER);
    assertThat(header(narrow, XdsNames.MODEL_HEADER)).isEqualTo("new");
  }

  @Test
  void aRouteThatAnswersByItselfHasNoModels() {
    Route redirect = route("redirect", "/old").build().toBuilder().clearRoute().build();
    assertThat(arrange(planned(redirect, "a")))
        .extracting(Route::getName)
        .containsExactly("redirect");
  }

  @Test
  void theUpstreamGetsTheBaseModelOfAnAdapter() {
    Route narrow = HeaderMatchRoutes.narrow(
        withHeader(route("rule", "/"), BASE, "100%").build(), List.of("lora"));
    assertThat(narrow.getMatch().getHeadersList())
        .extracting(HeaderMatcher::getName)
        .containsExactly(XdsNames.MODEL_HEADER);
    assertThat(narrow.getRequestHeadersToAdd(0).getHeader().getKey())
        .isEqualTo(XdsNames.BASE_MODEL_HEADER);
    assertThat(narrow.getRequestHeadersToAdd(0).getHeader().getValue()).isEqualTo("100%%");
  }
}
