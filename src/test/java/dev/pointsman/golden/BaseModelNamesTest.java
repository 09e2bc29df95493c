package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.xds.EnvoyRules;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The base model of a route's match becomes the value of a request header. The standard channel of Gateway API allows
 * any value of up to 4,096 characters in a match; one that breaks Envoy's rules for headers would stop all changes of
 * the Gateway, for other namespaces too.
 */
class BaseModelNamesTest {
  private static final String BASE_MODEL = "X-Gateway-Base-Model-Name";
  private static final String QWEN = "httproute/default/llm/rule/0/";

  private final GoldenCase golden = GoldenCase.named("base-model-from-adapters");
  private final Map<String, Route> usual = routes(golden.answer());

  static Stream<String> refusedNames() {
    Stream<String> controls = IntStream.concat(
            IntStream.range(0, 0x20), IntStream.range(0x7f, 0xa0))
        .mapToObj(control -> "q" + (char) control + "wen");
    return Stream.concat(
        controls, Stream.of("\n", "qwen\r\nx-injected: 1", "x".repeat(257), "x".repeat(4096)));
  }

  @ParameterizedTest
  @MethodSource("refusedNames")
  void aNameThatCannotBeAHeaderGetsADiagnosticAndNoRoutes(String name) {
    TranslationResult answer = answer(name);
    assertThat(answer.diagnostics())
        .filteredOn(diagnostic -> diagnostic.reason() == Reason.InvalidModelName)
        .singleElement()
        .satisfies(diagnostic -> {
          assertThat(diagnostic.about().toString()).isEqualTo("HTTPRoute default/llm");
          assertThat(diagnostic.toString()).matches("\\P{Cntrl}+");
        });
    Map<String, Route> routes = routes(answer);
    assertThat(routes.values()).allSatisfy(route -> {
      assertThat(EnvoyRules.brokenBy(route)).isEmpty();
      assertThat(baseModels(route)).doesNotContain(name);
    });
    assertThat(routes.keySet()).noneMatch(route -> route.startsWith(QWEN) && isForModel(route));
    assertThat(others(routes)).isEqualTo(others(usual));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100%", "%REQ(authorization)%", "模型", ".*", "a b"})
  void anyOtherNameReachesThePodAsItIs(String name) {
    TranslationResult answer = answer(name);
    assertThat(answer.diagnostics())
        .extracting(Diagnostic::reason)
        .doesNotContain(Reason.InvalidModelName);
    Map<String, Route> routes = routes(answer);
    assertThat(routes.values().stream().filter(route -> route.getName().startsWith(QWEN)))
        .filteredOn(route -> isForModel(route.getName()))
        .isNotEmpty()
        .allSatisfy(
            route -> assertThat(baseModels(route)).containsExactly(name.replace("%", "%%")));
    assertThat(others(routes)).isEqualTo(others(usual));
  }

  @Test
  void theCaseHasRoutesOfBothKinds() {
    assertThat(usual.keySet()).anyMatch(route -> route.startsWith(QWEN) && isForModel(route));
    assertThat(others(usual)).hasSizeGreaterThan(2);
  }

  /** The case's answer if the first rule matches another base model. */
  private TranslationResult answer(String name) {
    Seen seen = golden.seen();
    PostTranslateModifyRequest.Builder renamed = seen.request().toBuilder().clearRoutes();
    for (ByteString bytes : seen.request().getRoutesList()) {
      RouteConfiguration.Builder table = Named.read(RouteConfiguration.parser(), bytes).toBuilder();
      table.getVirtualHostsBuilderList().stream()
          .flatMap(host -> host.getRoutesBuilderList().stream())
          .flatMap(route -> route.getMatchBuilder().getHeadersBuilderList().stream())
          .filter(header -> isFor(header, "qwen"))
          .forEach(header -> header.getStringMatchBuilder().setExact(name));
      renamed.addRoutes(table.build().toByteString());
    }
    return seen.with(renamed.build()).answer(golden.snapshot());
  }

  private static boolean isFor(HeaderMatcher.Builder header, String name) {
    return header.getName().equals(BASE_MODEL)
        && header.getStringMatch().getExact().equals(name);
  }

  private static boolean isForModel(String route) {
    return route.contains("/model/");
  }

  private static Stream<String> baseModels(Route route) {
    return route.getRequestHeadersToAddList().stream()
        .filter(option -> option.getHeader().getKey().equalsIgnoreCase(BASE_MODEL))
        .map(option -> option.getHeader().getValue());
  }

  /** The routes of the HTTPRoutes that do not match the renamed model. */
  private static Map<String, Route> others(Map<String, Route> routes) {
    Map<String, Route> others = new LinkedHashMap<>(routes);
    others.keySet().removeIf(name -> !name.startsWith("httproute/") || name.startsWith(QWEN));
    return others;
  }

  private static Map<String, Route> routes(TranslationResult answer) {
    Map<String, Route> routes = new LinkedHashMap<>();
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), answer.response().getRoutesList())) {
      String loop = table.getName().startsWith("pointsman/") ? " in the loop" : "";
      table.getVirtualHostsList().stream()
          .flatMap(host -> host.getRoutesList().stream())
          .forEach(route -> routes.put(route.getName() + loop, route));
    }
    return routes;
  }
}
