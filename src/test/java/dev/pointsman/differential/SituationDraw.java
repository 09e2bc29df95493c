package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;

/** Draws a situation from its seed. */
final class SituationDraw {
  private static final List<String> MODELS =
      List.of("qwen", "meta-llama/Llama-3.1-8B-Instruct", "gpt 4", "org@team:v2.1", "qwen2");

  private SituationDraw() {}

  /** The situation of a seed, always the same. */
  static Situation of(long seed) {
    Draw draw = new Draw(seed);
    Draw more = Draw.more(seed);
    int count = draw.oneOf(List.of(1, 1, 2, 2, 3));
    FeatureDraw features = new FeatureDraw(draw.split(), more, 20);
    Draw ofRules = draw.split();
    List<Rule> rules = new ArrayList<>();
    int nextBackend = 0;
    for (int number = 0; number < count; number++) {
      Rule rule = rule(ofRules, more, features, number, nextBackend);
      nextBackend += rule.backends().size();
      rules.add(rule);
    }
    List<Feature> listener = features.ofListener();
    Situation withoutRequests = new Situation(seed, rules, listener, List.of());
    Draw ofRequests = draw.split();
    if (seed < Draw.ALL) {
      return withoutRequests.with(new RequestDraw(ofRequests, withoutRequests).all());
    }
    ExtendedDraw last = ExtendedDraw.of(seed);
    Situation changed = last.more(withoutRequests);
    return changed.with(last.requests(changed, new RequestDraw(ofRequests, changed).all()));
  }

  private static Rule rule(
      Draw draw, Draw more, FeatureDraw features, int number, int nextBackend) {
    boolean hasModel = draw.percent(75);
    boolean exact = draw.percent(30);
    String path = draw.oneOf(List.of("/v1", "/v1/chat/completions", "/r" + number));
    List<Backend> backends = backends(draw, nextBackend);
    boolean hasPool = backends.stream().anyMatch(Backend::isPool);
    List<Feature> drawn = features.ofRule(hasPool, exact);
    boolean ownPath = drawn.stream().anyMatch(Feature::wantsOwnPath);
    // Gateway API allows ReplacePrefixMatch only for rules with a single match.
    boolean rewrites = drawn.stream().anyMatch(Filters.Rewrite.class::isInstance);
    List<String> matches = new ArrayList<>();
    if (draw.percent(10)) {
      matches.add("method: POST");
    }
    if (draw.percent(10)) {
      matches.add("queryParams: [{name: tier, value: gold}]");
    }
    // The routes of a policy's models precede their rule, after all rules of the path that match a
    // header.
    boolean modelByPolicy = hasModel && hasPool && !rewrites && more.percent(25);
    return new Rule(
        number,
        hasModel ? (number == 0 ? "m0" : draw.oneOf(MODELS) + number) : "",
        ownPath || modelByPolicy ? "/r" + number : path,
        exact,
        matches,
        backends,
        drawn,
        List.of(0),
        false,
        draw.percent(30),
        modelByPolicy);
  }

  private static List<Backend> backends(Draw draw, int first) {
    int count = draw.oneOf(List.of(1, 1, 1, 2, 2, 3));
    List<Backend> backends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      backends.add(new Backend(first + i, kind(draw), draw.oneOf(List.of(1, 1, 2, 5, 9))));
    }
    return backends;
  }

  private static Backend.Kind kind(Draw draw) {
    int chance = draw.between(1, 100);
    if (chance <= 69) {
      return Backend.Kind.POOL;
    }
    if (chance <= 75) {
      return chance <= 72 ? Backend.Kind.SILENT_OPEN : Backend.Kind.SILENT_CLOSE;
    }
    return chance <= 85 ? Backend.Kind.POOL_WITHOUT_PICKER : Backend.Kind.PLAIN;
  }
}
