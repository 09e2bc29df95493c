package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ModelSettings.Source;
import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The other routes of a host that a request for a model may match before its model is known. There its body is read; on all
 * others it must not be.
 */
class ModelMatchesTest {
  @ParameterizedTest
  @CsvSource(textBlock = """
      # the model's route   , another route            , may meet
      prefix:/              , prefix:/                  , true
      prefix:/              , prefix:/upload            , true
      prefix:/              , exact:/v1/chat            , true
      prefix:/              , regex:/.*                 , true
      path:/v1              , prefix:/                  , true
      path:/v1              , path:/v1                  , true
      path:/v1              , path:/v1/chat             , true
      path:/v1              , exact:/v1/chat            , true
      path:/v1/chat         , path:/v1                  , true
      path:/v1              , regex:/anything           , true
      path:/v1              , path:/V1                  , false
      path:/v1              , path:/v1x                 , false
      path:/v1x             , path:/v1                  , false
      prefix:/v1            , path:/v1x                 , true
      path:/v1              , prefix:/v1x               , false
      path:/v1              , exact:/v1x                , false
      path:/v1              , path:/v2                  , false
      path:/v1              , prefix:/upload            , false
      path:/v1              , exact:/v2/chat            , false
      path:/v1/chat         , path:/v1/files            , false
      exact:/v1/chat        , exact:/v1/chat            , true
      exact:/v1/chat        , path:/v1                  , true
      exact:/v1/chat        , path:/v1/chat             , true
      exact:/v1/chat        , prefix:/v1/c              , true
      exact:/v1/chat        , exact:/v1/chats           , false
      exact:/v1/chat        , path:/v1/cha              , false
      exact:/v1/chat        , prefix:/v2                , false
      regex:/v[0-9]/chat    , exact:/v1/chat            , true
      regex:/v[0-9]/chat    , prefix:/upload            , true
      """)
  void pathsDecide(String model, String other, boolean mayMeet) {
    assertThat(among(match(model)).overlap(match(other))).isEqualTo(mayMeet);
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      GET    , false
      HEAD   , false
      OPTIONS, false
      TRACE  , false
      CONNECT, false
      POST   , true
      PUT    , true
      DELETE , true
      """)
  void aRouteForRequestsWithoutABodyIsNotMet(String method, boolean mayMeet) {
    RouteMatch other = with(match("prefix:/"), ":method", method);
    assertThat(among(match("prefix:/")).overlap(other)).isEqualTo(mayMeet);
  }

  @Test
  void twoValuesOfOneHeaderExcludeEachOther() {
    Matches models = among(with(match("prefix:/"), "x-team", "a"));
    assertThat(models.overlap(with(match("prefix:/"), "x-team", "b"))).isFalse();
    assertThat(models.overlap(with(match("prefix:/"), "X-Team", "b"))).isFalse();
    assertThat(models.overlap(with(match("prefix:/"), "x-team", "a"))).isTrue();
    assertThat(models.overlap(with(match("prefix:/"), "x-user", "b"))).isTrue();
    assertThat(models.overlap(match("prefix:/"))).isTrue();
  }

  @Test
  void aHeaderMatchThatIsNotPlainlyAnotherValueExcludesNothing() {
    Matches models = among(with(match("prefix:/"), "x-team", "a"));
    RouteMatch.Builder inverted = with(match("prefix:/"), "x-team", "b").toBuilder();
    inverted.getHeadersBuilder(0).setInvertMatch(true);
    assertThat(models.overlap(inverted.build())).isTrue();
    RouteMatch.Builder present = match("prefix:/").toBuilder();
    present.addHeadersBuilder().setName("x-team").setPresentMatch(true);
    assertThat(models.overlap(present.build())).isTrue();
    RouteMatch.Builder anyCase = with(match("prefix:/"), "x-team", "A").toBuilder();
    anyCase.getHeadersBuilder(0).getStringMatchBuilder().setIgnoreCase(true);
    assertThat(models.overlap(anyCase.build())).isTrue();
  }

  @Test
  void oneOfManyModelRoutesIsEnough() {
    Matches models = among(match("path:/v1"), match("exact:/api/chat"), match("path:/models"));
    assertThat(models.overlap(match("path:/api"))).isTrue();
    assertThat(models.overlap(match("path:/models/list"))).isTrue();
    assertThat(models.overlap(match("path:/upload"))).isFalse();
  }

  @Test
  void aHostWithoutModelRoutesHasNothingToMeet() {
    assertThat(new ModelMatches(Set.of(Source.BODY)).isEmpty()).isTrue();
    assertThat(new ModelMatches(Set.of(Source.BODY)).overlapping(match("prefix:/")))
        .isEmpty();
    assertThat(among(match("regex:.*")).models().isEmpty()).isFalse();
  }

  @Test
  void theIndexByPathAgreesWithComparingEachPair() {
    List<String> kinds = List.of("prefix:", "path:", "exact:", "regex:");
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      List<RouteMatch> models = random
          .ints(random.nextInt(1, 4), 0, 4)
          .mapToObj(kind -> match(kinds.get(kind) + path(random)))
          .toList();
      RouteMatch other = match(kinds.get(random.nextInt(4)) + path(random));
      assertThat(among(models.toArray(RouteMatch[]::new)).overlap(other))
          .as("seed %d", seed)
          .isEqualTo(models.stream().anyMatch(model -> RouteOverlap.possible(model, other, true)));
    }
  }

  @Test
  void noRequestThatBothRoutesTakeIsMissed() {
    List<String> kinds = List.of("prefix:", "path:", "exact:");
    int both = 0;
    for (int seed = 0; seed < 50_000; seed++) {
      Random random = new Random(seed);
      RouteMatch model = match(kinds.get(random.nextInt(3)) + path(random));
      RouteMatch other = match(kinds.get(random.nextInt(3)) + path(random));
      String request = path(random);
      if (takes(model, request) && takes(other, request)) {
        both++;
        assertThat(among(model).overlap(other)).as("seed %d: %s", seed, request).isTrue();
      }
    }
    assertThat(both).isGreaterThan(1_000);
  }

  /** As Envoy does. */
  private static boolean takes(RouteMatch match, String path) {
    String prefix = match.getPathSeparatedPrefix();
    return switch (match.getPathSpecifierCase()) {
      case PATH -> path.equals(match.getPath());
      case PREFIX -> path.startsWith(match.getPrefix());
      case PATH_SEPARATED_PREFIX -> path.equals(prefix) || path.startsWith(prefix + "/");
      default -> throw new IllegalArgumentException(match.toString());
    };
  }

  private static String path(Random random) {
    String path = random
        .ints(random.nextInt(4), 0, 4)
        .mapToObj(i -> List.of("/a", "/A", "/b", "c").get(i))
        .reduce("", String::concat);
    return path.isEmpty() || path.startsWith("c") ? "/" + path : path;
  }

  private static Matches among(RouteMatch... models) {
    ModelMatches matches = new ModelMatches(Set.of(Source.BODY));
    for (RouteMatch model : models) {
      matches.add(new ModelRouteSet(
          new ObjectRef("HTTPRoute", "default", "models"),
          model,
          new Gates(Map.of(), List.of(), Set.of())));
    }
    return new Matches(matches);
  }

  private record Matches(ModelMatches models) {
    boolean overlap(RouteMatch other) {
      return !models.overlapping(other).isEmpty();
    }
  }

  private static RouteMatch match(String text) {
    String value = text.substring(text.indexOf(':') + 1);
    RouteMatch.Builder match = RouteMatch.newBuilder();
    switch (text.substring(0, text.indexOf(':'))) {
      case "prefix" -> match.setPrefix(value);
      case "path" -> match.setPathSeparatedPrefix(value);
      case "exact" -> match.setPath(value);
      case "regex" -> match.getSafeRegexBuilder().setRegex(value);
      default -> throw new IllegalArgumentException(text);
    }
    return match.build();
  }

  private static RouteMatch with(RouteMatch match, String header, String value) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(header);
    matcher.getStringMatchBuilder().setExact(value);
    return match.toBuilder().addHeaders(matcher).build();
  }
}
