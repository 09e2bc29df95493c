package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Draws the requests of a situation. */
final class RequestDraw {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** Sizes around the connection buffer of Envoy Gateway, Pointsman's early buffers and gRPC's limit, and above. */
  private static final List<Integer> LARGE = List.of(
      32 * KIB - 1,
      32 * KIB + 1,
      100_001,
      256 * KIB - 1,
      256 * KIB,
      256 * KIB + 1,
      MIB,
      MIB + 1,
      3 * MIB,
      3_999_999,
      4_000_001,
      4 * MIB - 1,
      4 * MIB,
      4 * MIB + 1,
      5 * MIB,
      9 * MIB,
      12 * MIB);

  /** Above Envoy's default time limit. */
  private static final int ABOVE_THE_LIMIT_MS = 16_000;

  /** The smallest body with the longest model name. */
  private static final int SMALLEST = 150;

  /** The number of copies that tells the shares of backends apart. */
  static final int COPIES = 120;

  /** The number of requests of a client with a session. */
  private static final int RETURNS = 10;

  private final Draw draw;
  private final Situation situation;
  private final List<DrawnRequest> requests = new ArrayList<>();

  RequestDraw(Draw draw, Situation situation) {
    this.draw = draw;
    this.situation = situation;
  }

  List<DrawnRequest> all() {
    for (Rule rule : situation.rules()) {
      int count = draw.between(4, 7);
      for (int i = 0; i < count; i++) {
        requests.add(varied(rule, of(rule)));
      }
      if (draw.percent(2) && !hasTimeouts(rule)) {
        DrawnRequest slow = small(rule, 1);
        requests.add(slow.with(slow.instructions().after(ABOVE_THE_LIMIT_MS)));
      }
      if (rule.backends().size() > 1 && mayBeRepeated(rule)) {
        requests.add(small(rule, COPIES));
      }
      if (rule.features().stream().anyMatch(Filters.Persistence.class::isInstance)) {
        requests.add(returning(rule));
      }
    }
    requests.add(unknown());
    return requests;
  }

  private boolean hasTimeouts(Rule rule) {
    return features(rule).anyMatch(Traffic.Timeouts.class::isInstance);
  }

  private Stream<Feature> features(Rule rule) {
    return Stream.concat(situation.listener().stream(), rule.features().stream());
  }

  private boolean mayBeRepeated(Rule rule) {
    return features(rule).noneMatch(feature -> switch (feature) {
      case Filters.Persistence _, Traffic.Fault _, Traffic.Quota _, Protection.ApiKey _ -> true;
      case Protection.Password _, Protection.Token _, Protection.External _, Protection.Rules _ ->
        true;
      default -> false;
    });
  }

  private DrawnRequest varied(Rule rule, DrawnRequest request) {
    DrawnRequest varied = request;
    for (Feature feature : situation.listener()) {
      varied = feature.vary(draw, varied);
    }
    for (Feature feature : rule.features()) {
      varied = feature.vary(draw, varied);
    }
    return varied;
  }

  private DrawnRequest of(Rule rule) {
    boolean http2 = draw.percent(35);
    boolean bodyless = !rule.hasModel() && draw.percent(50);
    DrawnRequest.Behavior behavior = behavior(http2, bodyless);
    if (bodyless || behavior == DrawnRequest.Behavior.UPGRADES) {
      String method = behavior == DrawnRequest.Behavior.UPGRADES
          ? "GET"
          : draw.oneOf(List.of("GET", "GET", "HEAD", "DELETE", "POST"));
      return new DrawnRequest(
          requests.size(),
          0,
          rule.number(),
          method,
          path(rule),
          http2,
          DrawnRequest.Framing.NONE,
          0,
          "",
          headers(),
          Map.of(),
          instructions(),
          behavior,
          1);
    }
    DrawnRequest.Framing framing =
        draw.percent(40) ? DrawnRequest.Framing.CHUNKED : DrawnRequest.Framing.LENGTH;
    boolean trailers = framing == DrawnRequest.Framing.CHUNKED && draw.percent(25);
    return new DrawnRequest(
        requests.size(),
        0,
        rule.number(),
        draw.percent(85) ? "POST" : draw.oneOf(List.of("PUT", "PATCH")),
        path(rule),
        http2,
        framing,
        size(),
        rule.hasModel() ? rule.model() : draw.percent(30) ? "nobodys" : "",
        headers(),
        trailers ? Map.of("x-trailer", "of-the-request") : Map.of(),
        instructions(),
        behavior,
        1);
  }

  private DrawnRequest.Behavior behavior(boolean http2, boolean bodyless) {
    if (bodyless && !http2 && draw.percent(20)) {
      return DrawnRequest.Behavior.UPGRADES;
    }
    return draw.percent(4) ? DrawnRequest.Behavior.ABORTS : DrawnRequest.Behavior.NORMAL;
  }

  private String path(Rule rule) {
    String below = rule.exactPath()
        ? ""
        : rule.path().equals("/v1")
            ? draw.oneOf(List.of("/chat/completions", "/embeddings"))
            : "/x";
    boolean gold = rule.matches().stream().anyMatch(match -> match.contains("gold"));
    return rule.path() + below + (gold ? "?tier=gold" : draw.percent(20) ? "?a=1&b=%20" : "");
  }

  private int size() {
    int chance = draw.between(1, 100);
    if (chance <= 55) {
      return draw.between(SMALLEST, 4000);
    }
    return draw.oneOf(LARGE);
  }

  private Map<String, String> headers() {
    return draw.percent(20) ? Map.of("x-custom", "a, b", "te", "trailers") : Map.of();
  }

  private PodInstructions instructions() {
    int chunks = draw.percent(25) ? draw.between(2, 6) : 1;
    return new PodInstructions(
        0,
        503,
        draw.percent(10) ? draw.between(1, 300) : 0,
        draw.percent(15) ? draw.oneOf(List.of(0, 100_000, MIB, 5 * MIB)) : draw.between(20, 2000),
        chunks,
        draw.percent(15),
        draw.percent(4));
  }

  private DrawnRequest returning(Rule rule) {
    return new DrawnRequest(
        requests.size(),
        0,
        rule.number(),
        "POST",
        path(rule),
        false,
        DrawnRequest.Framing.LENGTH,
        draw.oneOf(List.of(200, 200, 5 * MIB)),
        rule.model(),
        Map.of(),
        Map.of(),
        PodInstructions.PLAIN,
        DrawnRequest.Behavior.RETURNS,
        RETURNS);
  }

  private DrawnRequest small(Rule rule, int copies) {
    return new DrawnRequest(
        requests.size(),
        0,
        rule.number(),
        "POST",
        path(rule),
        false,
        DrawnRequest.Framing.LENGTH,
        200,
        rule.model(),
        Map.of(),
        Map.of(),
        PodInstructions.PLAIN,
        DrawnRequest.Behavior.NORMAL,
        copies);
  }

  private DrawnRequest unknown() {
    return new DrawnRequest(
        requests.size(),
        0,
        -1,
        "POST",
        draw.oneOf(List.of("/v1/chat/completions", "/nowhere")),
        false,
        DrawnRequest.Framing.LENGTH,
        draw.oneOf(List.of(200, 100_001)),
        draw.percent(70) ? "nobodys" : "",
        Map.of(),
        Map.of(),
        PodInstructions.PLAIN,
        DrawnRequest.Behavior.NORMAL,
        1);
  }
}
