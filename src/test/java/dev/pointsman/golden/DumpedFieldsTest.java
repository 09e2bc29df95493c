package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ConfigDump;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.ProxyConfiguration;
import dev.pointsman.server.ExplainableTranslations;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Fields of a tomorrow's Envoy in its dump, which the parser of JSON ignores: they are said to be unknown, wherever they are. */
class DumpedFieldsTest {
  private static final String ROUTE = "httproute/default/inference-route/rule/0/match/0/*";

  private final ObjectNode dump;

  DumpedFieldsTest() throws Exception {
    dump = AdminDump.of(ExplainableTranslations.of(
            List.of(GoldenCase.named("model-routes-two-pools").answer()))
        .getFirst()
        .xds());
  }

  private Explanation explain() throws Exception {
    return ProxyConfiguration.explain(
        ConfigDump.of(dump.toString()),
        new AskedRequest(
            "",
            "localhost",
            "POST",
            "/v1/chat/completions",
            new TreeMap<>(Map.of("content-type", "application/json")),
            AskedBody.of("{\"model\":\"qwen\"}")));
  }

  private static boolean isRoute(JsonNode node) {
    return node.path("name").asString("").equals(ROUTE) && node.has("match");
  }

  /** The virtual host, or a part of its route. */
  private ObjectNode part(String place) {
    JsonNode host = dump.findParents("routes").stream()
        .filter(one -> one.path("routes").valueStream().anyMatch(DumpedFieldsTest::isRoute))
        .findFirst()
        .orElseThrow();
    JsonNode route = host.path("routes")
        .valueStream()
        .filter(DumpedFieldsTest::isRoute)
        .findFirst()
        .orElseThrow();
    return (ObjectNode) (place.equals("host") ? host : route.at(place));
  }

  @ParameterizedTest
  @CsvSource({
    "host, VirtualHost",
    "'', Route",
    "/route, RouteAction",
  })
  void aFieldOfTomorrowIsNamed(String place, String message) throws Exception {
    assertThat(explain().unread()).isEmpty();
    part(place).put("ofTomorrow", true);
    assertThat(explain().unread())
        .containsExactly("a field of " + message + " that this build does not know");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'ofTomorrow':1}",
        "{'headers':[{'name':'x','stringMatch':{'exact':'1'},'invertMatch':true,'ofTomorrow':1}]}",
        "{'headers':[{'name':'x','stringMatch':{'exact':'1','ofTomorrow':1},'invertMatch':true}]}",
        "{'query_parameters':[{'name':'x','present_match':false,'of_tomorrow':1}]}",
        "{'cookies':[{'name':'x','string_match':{'exact':'1'},'invert_match':true,'of_tomorrow':1}]}"
      })
  void aConditionOfTomorrowIsNotTakenToBeMet(String conditions) throws Exception {
    ObjectNode match = part("/match");
    match.remove("headers");
    match.setAll((ObjectNode) JsonMapper.shared().readTree(conditions.replace('\'', '"')));
    Explanation explanation = explain();
    assertThat(explanation.choices().getLast().lost())
        .filteredOn(lost -> lost.route().equals(ROUTE))
        .singleElement()
        .satisfies(lost ->
            assertThat(lost.unmet()).contains("has a condition that this build does not know"));
  }

  @Test
  void knownFieldsOfADumpAreKnown() throws Exception {
    assertThat(explain().choices().getLast().route()).contains(ROUTE);
  }
}
