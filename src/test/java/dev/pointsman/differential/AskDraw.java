package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Draws the requests of a situation. */
final class AskDraw {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** Around Envoy Gateway's buffer of a connection, the early buffers, gRPC's limit, and well above. */
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

  /** Longer than an answer may take where nobody says how long it may. */
  private static final int ABOVE_THE_LIMIT_MS = 16_000;

  /** Room for the longest model's name. */
  private static final int SMALLEST = 150;

  /** Copies that tell the backends' shares apart. */
  static final int COPIES = 120;

  /** Requests of a client that brings back its session. */
  private static final int RETURNS = 10;

  private final Draw draw;
  private final Situation situation;
  private final List<Ask> asks = new ArrayList<>();

  AskDraw(Draw draw, Situation situation) {
    this.draw = draw;
    this.situation = situation;
  }

  List<Ask> all() {
    for (Rule rule : situation.rules()) {
      int count = draw.between(4, 7);
      for (int i = 0; i < count; i++) {
        asks.add(varied(rule, of(rule)));
      }
      if (draw.percent(2) && !hasTimeouts(rule)) {
        Ask slow = small(rule, 1);
        asks.add(slow.with(slow.tell().after(ABOVE_THE_LIMIT_MS)));
      }
      if (rule.backends().size() > 1 && mayBeRepeated(rule)) {
        asks.add(small(rule, COPIES));
      }
      if (rule.features().stream().anyMatch(Filters.Persistence.class::isInstance)) {
        asks.add(returning(rule));
      }
    }
    asks.add(unknown());
    return asks;
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

  private Ask varied(Rule rule, Ask ask) {
    Ask varied = ask;
    for (Feature feature : situation.listener()) {
      varied = feature.vary(draw, varied);
    }
    for (Feature feature : rule.features()) {
      varied = feature.vary(draw, varied);
    }
    return varied;
  }

  private Ask of(Rule rule) {
    boolean http2 = draw.percent(35);
    boolean bodyless = !rule.hasModel() && draw.percent(50);
    Ask.Ending ending = ending(http2, bodyless);
    if (bodyless || ending == Ask.Ending.UPGRADES) {
      String method = ending == Ask.Ending.UPGRADES
          ? "GET"
          : draw.oneOf(List.of("GET", "GET", "HEAD", "DELETE", "POST"));
      return new Ask(
          asks.size(),
          0,
          rule.number(),
          method,
          path(rule),
          http2,
          Ask.Framing.NONE,
          0,
          "",
          headers(),
          Map.of(),
          orders(),
          ending,
          1);
    }
    Ask.Framing framing = draw.percent(40) ? Ask.Framing.CHUNKED : Ask.Framing.LENGTH;
    boolean trailers = framing == Ask.Framing.CHUNKED && draw.percent(25);
    return new Ask(
        asks.size(),
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
        orders(),
        ending,
        1);
  }

  private Ask.Ending ending(boolean http2, boolean bodyless) {
    if (bodyless && !http2 && draw.percent(20)) {
      return Ask.Ending.UPGRADES;
    }
    return draw.percent(4) ? Ask.Ending.ABORTS : Ask.Ending.NORMAL;
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

  private Orders orders() {
    int pieces = draw.percent(25) ? draw.between(2, 6) : 1;
    return new Orders(
        0,
        503,
        draw.percent(10) ? draw.between(1, 300) : 0,
        draw.percent(15) ? draw.oneOf(List.of(0, 100_000, MIB, 5 * MIB)) : draw.between(20, 2000),
        pieces,
        draw.percent(15),
        draw.percent(4));
  }

  private Ask returning(Rule rule) {
    return new Ask(
        asks.size(),
        0,
        rule.number(),
        "POST",
        path(rule),
        false,
        Ask.Framing.LENGTH,
        draw.oneOf(List.of(200, 200, 5 * MIB)),
        rule.model(),
        Map.of(),
        Map.of(),
        Orders.PLAIN,
        Ask.Ending.RETURNS,
        RETURNS);
  }

  private Ask small(Rule rule, int copies) {
    return new Ask(
        asks.size(),
        0,
        rule.number(),
        "POST",
        path(rule),
        false,
        Ask.Framing.LENGTH,
        200,
        rule.model(),
        Map.of(),
        Map.of(),
        Orders.PLAIN,
        Ask.Ending.NORMAL,
        copies);
  }

  private Ask unknown() {
    return new Ask(
        asks.size(),
        0,
        -1,
        "POST",
        draw.oneOf(List.of("/v1/chat/completions", "/nowhere")),
        false,
        Ask.Framing.LENGTH,
        draw.oneOf(List.of(200, 100_001)),
        draw.percent(70) ? "nobodys" : "",
        Map.of(),
        Map.of(),
        Orders.PLAIN,
        Ask.Ending.NORMAL,
        1);
  }
}
