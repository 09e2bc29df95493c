package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.xds.RequestWalk.WalkedRequest;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies of plain routes take what may be for a model, and nothing else; the routes stay as they are. */
class InitialRouteCopiesTest {
  private static final String SMALL = "100";
  private static final String LARGE = "30000000";

  @ParameterizedTest
  @CsvSource(textBlock = """
      # the plain route , the models' routes          , the copies
      /                 , /                           , /
      /                 , /v1/chat/completions        , /v1/chat/completions
      /                 , /v1 /v1/chat                , /v1
      /                 , /v1/chat /v1                , /v1
      /                 , /a exact:/b                 , /a exact:/b
      /                 , /a /ab                      , /a /ab
      /                 , /1 /2 /3 /4 /5 /6 /7 /8     , /1 /2 /3 /4 /5 /6 /7 /8
      /                 , /1 /2 /3 /4 /5 /6 /7 /8 /9  , /
      /                 , /a regex:/v[0-9]            , /
      /v1/chat          , /v1                         , /v1/chat
      /v1               , /v1/chat /v2                , /v1/chat
      exact:/v1/chat    , /v1                         , exact:/v1/chat
      regex:/v[0-9]     , /v1                         , regex:/v[0-9]
      /v1               , /v2                         ,
      /V1               , /v1                         ,
      """)
  void thePathOfTheModelsDecides(String plain, String models, String copies) {
    SharedHost host = new SharedHost();
    for (String path : models.split(" ")) {
      host.model("good/models", path, "m");
    }
    assertThat(host.plain("good/plain", plain).routes())
        .filteredOn(route -> route.getName().contains("/model-arrival"))
        .extracting(route -> RoutePath.of(route.getMatch()))
        .containsExactlyInAnyOrderElementsOf(
            copies == null
                ? List.of()
                : List.of(copies.split(" ")).stream()
                    .map(path -> RoutePath.of(SharedHost.match(path)))
                    .toList());
  }

  @Test
  void theRouteStaysTheBytesThatCame() {
    List<Route> routes = new SharedHost()
        .model("evil/models", "/files", "evil", SharedHost.AUTHORIZER)
        .plain("good/files", "/files", "envoy.filters.http.cors")
        .routes();
    Route alone = new SharedHost()
        .plain("good/none", "/none")
        .plain("good/files", "/files", "envoy.filters.http.cors")
        .routes()
        .getLast();
    assertThat(routes).contains(alone);
    Route copy = named(routes, "good/files/1/model-arrival");
    assertThat(copy.getRoute()).isEqualTo(alone.getRoute());
    assertThat(copy.getMetadata().getFilterMetadataMap())
        .containsAllEntriesOf(alone.getMetadata().getFilterMetadataMap());
    assertThat(copy.getTypedPerFilterConfigMap())
        .containsAllEntriesOf(alone.getTypedPerFilterConfigMap());
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      # body    , length  , age of evil's, arrives at
      evil      , 100     , 9            , evil/models/0
      evil      , 20971520, 9            , evil/models/0
      evil      , 20971521, 9            , good/files/1
      evil      , 30000000, 9            , good/files/1
      evil      , ''      , 9            , good/files/1
      evil      , ''      , 0            , evil/models/0
      unknown   , 100     , 9            , good/files/1/model-arrival
      ''        , 100     , 9            , good/files/1/model-arrival
      """)
  void anotherNamespacesUploadsPass(String model, String length, int age, String at) {
    SharedHost host = new SharedHost()
        .created("good/files", 5)
        .created("evil/models", age)
        .model("evil/models", "/files", "evil")
        .plain("good/files", "/files");
    assertThat(last(host, new WalkedRequest("/files/a", model, length)).getName())
        .isEqualTo(at);
  }

  @Test
  void withinANamespaceAChunkedBodyIsRead() {
    SharedHost host =
        new SharedHost().model("good/models", "/files", "m").plain("good/files", "/files");
    assertThat(last(host, new WalkedRequest("/files", "m", "")).getName())
        .isEqualTo("good/models/0");
    assertThat(last(host, new WalkedRequest("/files", "m", LARGE)).getName())
        .isEqualTo("good/files/1");
  }

  /** A regular expression may stand for any path. */
  @Test
  void anotherNamespacesWiderModelsDoNotMakeMoreChunkedBodiesBeRead() {
    SharedHost host = new SharedHost()
        .created("good/site", 1)
        .created("good/models", 2)
        .created("evil/models", 3)
        .model("good/models", "/v1", "good")
        .model("evil/models", "regex:/.*", "evil")
        .plain("good/site", "/");
    assertThat(last(host, new WalkedRequest("/upload", "evil", SMALL)).getName())
        .isEqualTo("evil/models/1");
    assertThat(last(host, new WalkedRequest("/upload", "evil", "")).getName())
        .isEqualTo("good/site/2");
    assertThat(last(host, new WalkedRequest("/v1", "good", "")).getName())
        .isEqualTo("good/models/0");
  }

  @Test
  void aPolicyMayHaveModelsReadFromAllBodies() {
    SharedHost host = new SharedHost().always().plain("good/files", "/files");
    for (String length : List.of(SMALL, LARGE, "")) {
      assertThat(last(host, new WalkedRequest("/files", "m", length)).getName())
          .isEqualTo("good/files/0/model-arrival");
    }
  }

  /** Else the authorizer of whoever has the catch-all would be asked for the requests of all models. */
  @Test
  void aFilterOfThePlainRouteDoesNothingForTheModels() {
    List<Route> routes = new SharedHost()
        .model("good/models", "/v1", "good")
        .plain("evil/rest", "/", SharedHost.AUTHORIZER)
        .routes();
    RequestWalk walk =
        RequestWalk.of(new WalkedRequest("/v1", "good", SMALL), routes).orElseThrow();
    assertThat(walk.first().getName()).isEqualTo("evil/rest/1/model-arrival");
    assertThat(walk.runs(SharedHost.AUTHORIZER)).isTrue();
    assertThat(walk.last().getName()).isEqualTo("good/models/0");
    assertThat(walk.last().getTypedPerFilterConfigMap())
        .hasEntrySatisfying(
            SharedHost.AUTHORIZER,
            config -> assertThat(config.getTypeUrl()).endsWith("ExtAuthzPerRoute"));
  }

  @Test
  void theOlderRouteKeepsItsPasswordsAndTheYoungerLoses() {
    String passwords = SharedHost.PASSWORDS.getFirst();
    SharedHost host = new SharedHost()
        .created("good/models", 1)
        .created("evil/models", 2)
        .created("evil/elsewhere", 2)
        .model("evil/elsewhere", "/evil", "evil")
        .model("good/models", "/v1", "good", passwords)
        .model("evil/models", "/", "evil");
    List<Route> routes = host.routes();
    RequestWalk good =
        RequestWalk.of(new WalkedRequest("/v1", "good", SMALL), routes).orElseThrow();
    assertThat(good.runs(passwords)).isTrue();
    assertThat(good.last().hasRoute()).isTrue();
    RequestWalk evil =
        RequestWalk.of(new WalkedRequest("/x", "evil", SMALL), routes).orElseThrow();
    assertThat(evil.last().getDirectResponse().getStatus()).isEqualTo(500);
    RequestWalk elsewhere =
        RequestWalk.of(new WalkedRequest("/evil", "evil", SMALL), routes).orElseThrow();
    assertThat(elsewhere.runs(passwords)).isFalse();
    assertThat(elsewhere.last().getName()).isEqualTo("evil/elsewhere/0");
    assertThat(host.arrange().diagnostics()).singleElement().satisfies(diagnostic -> {
      assertThat(diagnostic.reason()).isEqualTo(Diagnostic.Reason.UnsupportedFilter);
      assertThat(diagnostic.about()).isEqualTo(SharedHost.owner("evil/models"));
      assertThat(diagnostic.message()).contains("HTTPRoute good/models").contains(passwords);
    });
  }

  @Test
  void whereAllWantAFilterOurOwnRoutesHaveItToo() {
    String passwords = SharedHost.PASSWORDS.getFirst();
    List<Route> routes = new SharedHost()
        .model("good/models", "/v1", "good", passwords)
        .model("evil/models", "/v2", "evil", passwords)
        .routes();
    assertThat(routes)
        .allSatisfy(route -> assertThat(route.getTypedPerFilterConfigMap()).containsKey(passwords));
    assertThat(routes.reversed().subList(0, 2))
        .extracting(route -> route.getMatch().getPathSeparatedPrefix())
        .containsExactly("/v2", "/v1");
  }

  private static Route last(SharedHost host, WalkedRequest request) {
    Optional<RequestWalk> walk = RequestWalk.of(request, host.routes());
    return walk.orElseThrow().last();
  }

  private static Route named(List<Route> routes, String name) {
    return routes.stream()
        .filter(route -> route.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
