package dev.pointsman.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.envoy.newer.CookieMatcher;
import dev.pointsman.envoy.newer.NewerRouteMatch;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ConfigDump;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.golden.ExplainedEnvoy.LoggedAnswer;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.server.ExplainableTranslations;
import dev.pointsman.xds.ResourcePrinter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Conditions on cookies, as of an HTTPRouteFilter with {@code matches}: a real Envoy takes the explained route. The field is newer
 * than the API jar.
 */
@Tag("envoy")
class CookieConditionsEnvoyTest {
  private static final StringMatcher ONE =
      StringMatcher.newBuilder().setExact("1").build();
  private static final StringMatcher DIGITS = StringMatcher.newBuilder()
      .setSafeRegex(RegexMatcher.newBuilder().setRegex("[0-9]+"))
      .build();

  private static final List<List<CookieMatcher>> CONDITIONS = List.of(
      List.of(cookie("beta", ONE, false)),
      List.of(cookie("beta", ONE, true)),
      List.of(cookie("beta", DIGITS, false)),
      List.of(cookie("beta", ONE, false), cookie("user", DIGITS, false)));

  private static final List<String> COOKIES = List.of(
      "",
      "beta=1",
      "beta=2",
      "beta=12",
      "beta=\"1\"",
      "beta=\"1",
      "a=b; beta=1",
      "a=b;beta=1",
      "beta=1; user=7",
      "user=7;  beta=1",
      "beta=2; beta=1",
      "beta=1; beta=2",
      "beta =1",
      "beta= 1",
      "beta=1 ; a=b",
      "BETA=1",
      "beta",
      "beta=",
      "beta==1",
      ";;beta=1;",
      "=1",
      "a=beta=1");

  @TempDir
  private Path folder;

  private static CookieMatcher cookie(String name, StringMatcher value, boolean invert) {
    return CookieMatcher.newBuilder()
        .setName(name)
        .setStringMatch(value)
        .setInvertMatch(invert)
        .build();
  }

  /** A recording with two routes for each condition: one that has it, and one behind it for all others. */
  private GoldenCase recording() throws IOException {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < CONDITIONS.size(); i++) {
      NewerRouteMatch cookies =
          NewerRouteMatch.newBuilder().addAllCookies(CONDITIONS.get(i)).build();
      Route.Builder with = route(i, "with-cookie");
      with.getMatchBuilder().setUnknownFields(UnknownFieldSet.parseFrom(cookies.toByteString()));
      routes.addAll(List.of(with.build(), route(i, "others").build()));
    }
    return CaseWithRoutes.in(folder, routes);
  }

  private static Route.Builder route(int number, String name) {
    Route.Builder route = Route.newBuilder().setName(name + "-" + number);
    route.getMatchBuilder().setPath("/" + number);
    route.getDirectResponseBuilder().setStatus(204);
    return route;
  }

  private static List<AskedRequest> requests(String listener) {
    List<AskedRequest> requests = new ArrayList<>();
    for (int i = 0; i < CONDITIONS.size(); i++) {
      for (String cookies : COOKIES) {
        requests.add(new AskedRequest(
            listener,
            "localhost",
            "GET",
            "/" + i,
            new TreeMap<>(cookies.isEmpty() ? Map.of() : Map.of("cookie", cookies)),
            AskedBody.NONE));
      }
    }
    return requests;
  }

  private static String route(Explanation explanation) {
    return explanation.choices().getLast().route().orElse("-");
  }

  @Test
  void theRouteIsTheOneThatEnvoyTakes() throws Exception {
    GoldenCase golden = recording();
    GatewayXds xds =
        ExplainableTranslations.of(List.of(golden.answer())).getFirst().xds();
    Explainer explainer = new Explainer(xds, _ -> Optional.empty(), List.of());
    GatewayXds dumped = dumped(xds);
    Explainer ofDump = new Explainer(dumped, _ -> Optional.empty(), List.of());
    List<String> explained = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    try (ExplainedEnvoy envoy =
        new ExplainedEnvoy(RealEnvoy.VERSIONS.getFirst(), golden, folder.resolve("envoy.log"), 1)) {
      List<AskedRequest> requests = requests(envoy.listeners.getFirst());
      for (int i = 0; i < requests.size(); i++) {
        envoy.send(i, requests.get(i));
      }
      Map<Integer, LoggedAnswer> logged = envoy.logged();
      for (int i = 0; i < requests.size(); i++) {
        String asked = requests.get(i).path() + " " + requests.get(i).headers() + " ";
        explained.add(asked + route(explainer.explain(requests.get(i))));
        taken.add(asked + requireNonNull(logged.get(i)).route());
        assertThat(route(ofDump.explain(requests.get(i))))
            .as("by a dump of Envoy's configuration")
            .isEqualTo(route(explainer.explain(requests.get(i))));
      }
    }
    assertThat(explained).isEqualTo(taken);
    assertThat(taken).anyMatch(one -> one.contains("with-cookie"));
  }

  @Test
  void valuesAreNotShown() throws Exception {
    GatewayXds xds =
        ExplainableTranslations.of(List.of(recording().answer())).getFirst().xds();
    Explanation explanation = new Explainer(xds, _ -> Optional.empty(), List.of())
        .explain(new AskedRequest(
            "",
            "localhost",
            "GET",
            "/0",
            new TreeMap<>(Map.of("cookie", "beta=secret")),
            AskedBody.NONE));
    assertThat(explanation.choices().getLast().lost())
        .filteredOn(lost -> lost.route().equals("with-cookie-0"))
        .singleElement()
        .satisfies(lost -> assertThat(lost.unmet()).containsExactly("cookie beta differs"));
  }

  /** The configuration as the admin port of an Envoy prints it, with its own fields. */
  private static GatewayXds dumped(GatewayXds xds) throws IOException {
    ObjectNode dump = AdminDump.of(xds);
    for (JsonNode route : dump.findParents("match")) {
      String name = route.path("name").asString("");
      if (name.startsWith("with-cookie-")) {
        int number = Integer.parseInt(name.substring("with-cookie-".length()));
        NewerRouteMatch cookies =
            NewerRouteMatch.newBuilder().addAllCookies(CONDITIONS.get(number)).build();
        ((ObjectNode) route.path("match"))
            .set("cookies", new ResourcePrinter().tree(cookies).path("cookies"));
      }
    }
    return ConfigDump.of(dump.toString()).xds();
  }
}
