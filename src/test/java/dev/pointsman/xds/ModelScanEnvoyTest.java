package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The script for large bodies finds the model that Envoy's parser finds. */
@Tag("envoy")
class ModelScanEnvoyTest {
  private static final int BODIES = 400;
  private static final int LIMIT = 1 << 20;
  private static final String SCANNED = "/scanned";
  private static final String PARSED = "/parsed";
  private static final String LONG_TEXT = "\"pad\":\"" + "text ".repeat(2_100) + "\"";

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void findsTheModelThatTheParserFinds(String version) {
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap())) {
      int valid = 0;
      for (int seed = 0; seed < BODIES; seed++) {
        String body = new Documents(new Random(seed)).document();
        String parsed = model(envoy, PARSED, body);
        String scanned = model(envoy, SCANNED, body);
        if (isJson(body)) {
          assertThat(scanned).as("seed %s: %s", seed, body).isEqualTo(parsed);
          valid++;
        }
      }
      assertThat(valid).as("bodies that are JSON").isGreaterThan(BODIES / 2);
      assertThat(parsed(envoy) - BODIES)
          .as("bodies that the script left to the parser")
          .isBetween(1L, BODIES / 2L);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void leavesToTheParserWhatIsNotCertain(String version) {
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap())) {
      for (String body : List.of(
          "{" + LONG_TEXT + "}",
          "{" + LONG_TEXT + ",\"model\":\"a\",\"model\":\"b\"}",
          "{" + LONG_TEXT + ",\"model\":\"a\",\"mod\\u0065l\":\"b\"}",
          "{" + LONG_TEXT + ",\"model\":\"a\\\"b\"}",
          "{" + LONG_TEXT + ",\"model\":\"模型\"}",
          "{" + LONG_TEXT + ",\"model\":7}",
          "{" + LONG_TEXT + ",\"model\":null}",
          "{" + LONG_TEXT + ",\"model\":\"\"}",
          "{" + LONG_TEXT + ",\"model\":\"" + "m".repeat(2_000) + "\"}",
          "{" + LONG_TEXT + ",\"x\":{\"model\":\"a\"}}",
          "{" + LONG_TEXT + ",\"model\":\"a\",\"x\":" + "[".repeat(100) + "]".repeat(100) + "}",
          "[{" + LONG_TEXT + ",\"model\":\"a\"}]",
          "{" + LONG_TEXT + ",/*\"*/\"model\":\"a\"}",
          "{" + LONG_TEXT + ",'model':\"a\"}",
          "{" + LONG_TEXT + ",\"model\":\"a\"}}",
          "{" + LONG_TEXT + ",\"model\":\"a\"",
          "{" + LONG_TEXT + ",\"model\":\"a\\\"}")) {
        long before = parsed(envoy);
        String scanned = model(envoy, SCANNED, body);
        assertThat(parsed(envoy)).as(body).isEqualTo(before + 1);
        assertThat(scanned).as(body).isEqualTo(model(envoy, PARSED, body));
      }
    }
  }

  /** The number of bodies that the parser has seen. */
  private static long parsed(RealEnvoy envoy) {
    return envoy.stat("json_to_metadata.rq.success")
        + envoy.stat("json_to_metadata.rq.invalid_json_body");
  }

  private static boolean isJson(String body) {
    try {
      JsonMapper.shared().readTree(body);
      return true;
    } catch (JacksonException damaged) {
      return false;
    }
  }

  /** The model and the state that the gateway has found. */
  private static String model(RealEnvoy envoy, String path, String body) {
    HttpResponse<String> response = Http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + envoy.listenerPort("front") + path))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
    assertThat(response.statusCode()).as(body).isEqualTo(200);
    return response.headers().firstValue("x-found").orElse("");
  }

  /** Documents with a model, mostly: any order, spaces, escapes and nesting; some are damaged. */
  private record Documents(Random random) {
    String document() {
      StringBuilder text = new StringBuilder("{");
      int members = 1 + random.nextInt(6);
      int model = random.nextInt(members);
      int padding = random.nextInt(members);
      for (int i = 0; i < members; i++) {
        text.append(i == 0 ? "" : ",").append(space());
        if (i == padding) {
          text.append(LONG_TEXT).append(',');
        }
        String key = i == model ? "\"model\"" : random.nextInt(4) > 0 ? "\"key\"" : string();
        text.append(key).append(space()).append(':').append(space());
        text.append(i == model && random.nextInt(8) > 0 ? "\"qwen-" + i + "\"" : value(3));
        text.append(space());
      }
      text.append('}').append(space());
      if (random.nextInt(4) == 0) {
        int at = random.nextInt(text.length());
        text.setCharAt(at, "\"\\{}[]:,x /'".charAt(random.nextInt(12)));
      }
      return text.toString();
    }

    private String space() {
      return List.of("", " ", "\n", "\t \r\n").get(random.nextInt(4));
    }

    private String string() {
      List<String> parts = List.of(
          "model",
          "a",
          "\\\"",
          "\\\\",
          "\\u006d",
          "{",
          "}",
          "[",
          ":",
          "\\\"model\\\":\\\"x\\\"",
          "模",
          " ");
      StringBuilder text = new StringBuilder("\"");
      for (int i = random.nextInt(4); i >= 0; i--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      return text.append('"').toString();
    }

    private String value(int depth) {
      return switch (random.nextInt(depth > 0 ? 7 : 5)) {
        case 0 -> "null";
        case 1 -> "-1.5e+3";
        case 2 -> "true";
        case 3, 4 -> string();
        case 5 -> "[" + value(depth - 1) + "," + space() + value(depth - 1) + "]";
        default -> "{\"model\":" + value(depth - 1) + "," + string() + ":" + value(depth - 1) + "}";
      };
    }
  }

  private static byte[] bootstrap() {
    HttpConnectionManager.Builder manager =
        HttpConnectionManager.newBuilder().setStatPrefix("front");
    manager.addAllHttpFilters(ModelExtraction.filters(new TreeSet<>()));
    manager.addHttpFilters(HttpFilter.newBuilder()
        .setName("envoy.filters.http.router")
        .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    Route scanned = ModelExtraction.on(route(SCANNED), LIMIT, Set.of());
    Route parsed = ModelExtraction.on(route(PARSED), LIMIT, Set.of()).toBuilder()
        .removeTypedPerFilterConfig(XdsNames.MODEL_SCAN_FILTER)
        .build();
    manager.setRouteConfig(RouteConfiguration.newBuilder()
        .addVirtualHosts(VirtualHost.newBuilder()
            .setName("all")
            .addDomains("*")
            .addRoutes(scanned)
            .addRoutes(parsed)));
    return FrontListener.bootstrap(manager.build());
  }

  private static Route route(String path) {
    Route.Builder route = Route.newBuilder();
    route.getMatchBuilder().setPath(path);
    route.getDirectResponseBuilder().setStatus(200);
    route
        .addResponseHeadersToAddBuilder()
        .getHeaderBuilder()
        .setKey("x-found")
        .setValue("%REQ(" + XdsNames.MODEL_HEADER + ")% %DYNAMIC_METADATA(pointsman.model:state)%");
    return route.build();
  }
}
