package dev.pointsman.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import dev.pointsman.envoy.newer.NewerDirectResponse;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Redirected;
import dev.pointsman.golden.ExplainedEnvoy.LoggedAnswer;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.server.ExplainableTranslations;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ends of routes as Envoy Gateway writes them: redirects and direct responses. */
class RouteEndsEnvoyTest {
  private static final List<String> REDIRECTS = List.of(
      "{'schemeRedirect':'https'}",
      "{'httpsRedirect':true,'responseCode':'FOUND'}",
      "{'schemeRedirect':'http','portRedirect':8443}",
      "{'schemeRedirect':'https','portRedirect':8443,'responseCode':'TEMPORARY_REDIRECT'}",
      "{'hostRedirect':'new.example.com'}",
      "{'hostRedirect':'new.example.com','portRedirect':81,'pathRedirect':'/new'}",
      "{'pathRedirect':'/new','stripQuery':true,'responseCode':'SEE_OTHER'}",
      "{'pathRedirect':'/new?own=1','responseCode':'PERMANENT_REDIRECT'}",
      "{'prefixRewrite':'/new'}",
      "{'prefixRewrite':'/new','stripQuery':true}",
      "{'regexRewrite':{'pattern':{'regex':'^/NUMBER\\\\/*'},'substitution':'/'}}",
      "{'regexRewrite':{'pattern':{'regex':'/(\\\\w+)/(\\\\w+)'},'substitution':'/$\\\\2/\\\\1'}}");

  private static final List<String> HOSTS =
      List.of("localhost", "localhost:80", "localhost:443", "localhost:8080", "[::1]", "[::1]:80");

  private static final List<String> PATHS = List.of("", "/", "/a/b", "?q=1", "/a?q=1&r=/x");

  @TempDir
  private Path folder;

  private static Route redirect(int number) {
    Route.Builder route = Route.newBuilder().setName("redirect-" + number);
    route.getMatchBuilder().setPathSeparatedPrefix("/" + number);
    try {
      JsonFormat.parser()
          .merge(
              REDIRECTS.get(number).replace('\'', '"').replace("NUMBER", "" + number),
              route.getRedirectBuilder());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return route.build();
  }

  /** A direct response as of an HTTPRouteFilter: the body is the bytes of a format. */
  private static Route response(int status, String body) {
    NewerDirectResponse.Builder newer = NewerDirectResponse.newBuilder();
    newer
        .getBodyFormatBuilder()
        .getTextFormatSourceBuilder()
        .setInlineBytes(ByteString.copyFromUtf8(body));
    Route.Builder route = Route.newBuilder().setName("response-" + status);
    route.getMatchBuilder().setPath("/response/" + status);
    try {
      route
          .getDirectResponseBuilder()
          .setStatus(status)
          .setUnknownFields(UnknownFieldSet.parseFrom(newer.build().toByteString()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return route.build();
  }

  private static AskedRequest request(String listener, String host, String path) {
    return new AskedRequest(listener, host, "GET", path, new TreeMap<>(), AskedBody.NONE);
  }

  private static Optional<String> location(LoggedAnswer answer) {
    return answer
        .text()
        .lines()
        .filter(line -> line.startsWith("location: "))
        .map(line -> line.substring("location: ".length()))
        .findFirst();
  }

  @Test
  @Tag("envoy")
  void redirectsLeadWhereEnvoySaysAndBodiesHaveTheirCodes() throws Exception {
    List<Route> routes = new ArrayList<>(
        List.of(response(500, "away"), response(503, "{\"error\":{\"code\":\"maintenance\"}}")));
    for (int i = 0; i < REDIRECTS.size(); i++) {
      routes.add(redirect(i));
    }
    GoldenCase golden = CaseWithRoutes.in(folder, routes);
    GatewayXds xds =
        ExplainableTranslations.of(List.of(golden.answer())).getFirst().xds();
    Explainer explainer = new Explainer(xds, _ -> Optional.empty(), List.of());
    List<String> explained = new ArrayList<>();
    List<String> got = new ArrayList<>();
    try (ExplainedEnvoy envoy =
        new ExplainedEnvoy(RealEnvoy.VERSIONS.getFirst(), golden, folder.resolve("envoy.log"), 1)) {
      String listener = envoy.listeners.getFirst();
      List<AskedRequest> requests = new ArrayList<>(List.of(
          request(listener, "localhost", "/response/500"),
          request(listener, "localhost", "/response/503")));
      for (int i = 0; i < REDIRECTS.size(); i++) {
        for (String host : HOSTS) {
          for (String path : PATHS) {
            requests.add(request(listener, host, "/" + i + path));
          }
        }
      }
      for (int i = 0; i < requests.size(); i++) {
        envoy.send(i, requests.get(i));
      }
      Map<Integer, LoggedAnswer> logged = envoy.logged();
      for (int i = 0; i < requests.size(); i++) {
        String asked = requests.get(i).host() + requests.get(i).path() + " ";
        LoggedAnswer answer = requireNonNull(logged.get(i));
        RequestEnd end = explainer.explain(requests.get(i)).end();
        explained.add(asked
            + switch (end) {
              case Redirected(int status, String target) -> status + " " + target;
              case Answered(int status, String code, String cause) ->
                status + " " + answer.text().contains(code) + " " + cause;
              default -> end.toString();
            });
        got.add(asked + answer.status() + " "
            + location(answer).orElse("true the route responds itself"));
      }
    }
    assertThat(explained).isEqualTo(got);
    assertThat(explainer.explain(request("", "localhost", "/response/503")).end())
        .isEqualTo(new Answered(503, "maintenance", "the route responds itself"));
  }
}
