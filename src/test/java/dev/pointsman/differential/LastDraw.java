package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws what came last, from {@link Draw#ALL} on, by changing a situation that was drawn without it: a second Gateway,
 * several rules in an HTTPRoute, policies of a whole listener, more features, and requests as other clients send them.
 */
final class LastDraw {
  private static final List<List<Integer>> GATEWAYS =
      List.of(List.of(0), List.of(1), List.of(0, 1), List.of(0, 1));
  private static final List<String> TYPES = List.of(
      "text/plain",
      "multipart/form-data; boundary=x",
      "application/json; charset=utf-8",
      "application/vnd.api+json");
  private static final List<Integer> AUTHORIZERS_LIMITS = List.of(0, 0, 8000, 5 << 20);

  private final Draw draw;
  private final Draw apart;
  private final boolean twoGateways;

  private LastDraw(Draw draw, Draw apart) {
    this.draw = draw;
    this.apart = apart;
    this.twoGateways = draw.percent(35);
  }

  /** For a seed from {@link Draw#ALL} on. */
  static LastDraw of(long seed) {
    return new LastDraw(Draw.last(seed), Draw.last(~seed));
  }

  /** The situation with more in it, and without requests. */
  Situation more(Situation before) {
    return new Situation(
        before.seed(), rules(before.rules()), listener(before.listener()), List.of());
  }

  private List<Rule> rules(List<Rule> before) {
    List<Rule> rules = new ArrayList<>();
    for (Rule rule : before) {
      boolean joins = !rules.isEmpty() && draw.percent(30);
      Rule changed = joins ? joined(rule, rules.removeLast(), rules) : placed(rule, rules);
      rules.add(withFeatures(withoutWeight(changed)));
    }
    return rules;
  }

  /** The rule in the HTTPRoute of the one before, whose policies then name rules, too. */
  private static Rule joined(Rule rule, Rule before, List<Rule> rules) {
    rules.add(new Rule(
        before.number(),
        before.model(),
        before.path(),
        before.exactPath(),
        before.matches(),
        before.backends(),
        before.features(),
        before.gateways(),
        before.joins(),
        true,
        before.modelByPolicy()));
    return rule.placed(before.gateways(), true);
  }

  /** The rule on a Gateway or both. The second one perhaps serves the first one's model on the other Gateway. */
  private Rule placed(Rule rule, List<Rule> rules) {
    if (!twoGateways) {
      return rule;
    }
    Rule placed = rule.placed(draw.oneOf(GATEWAYS), false);
    if (rules.size() != 1
        || !rule.hasModel()
        || !rules.getFirst().hasModel()
        || !apart.percent(50)) {
      return placed;
    }
    Rule first = rules.getFirst().placed(List.of(0), false);
    rules.set(0, first);
    return placed.placed(List.of(1), false).forRequestsOf(first);
  }

  private Rule withoutWeight(Rule rule) {
    List<Backend> backends = new ArrayList<>(rule.backends());
    boolean more = backends.stream().skip(1).anyMatch(Backend::isPool);
    if (more && draw.percent(15)) {
      Backend first = backends.getFirst();
      backends.set(0, new Backend(first.number(), first.kind(), 0));
    }
    return rule.with(backends, rule.features());
  }

  private Rule withFeatures(Rule rule) {
    List<Feature> features = new ArrayList<>();
    for (Feature feature : rule.features()) {
      features.add(
          feature instanceof Processing.Processor processor && draw.percent(30)
              ? duplex(processor)
              : feature);
    }
    Set<String> names = new TreeSet<>(rule.featureNames());
    boolean isProtected = rule.features().stream()
        .anyMatch(feature -> feature instanceof Protection.ApiKey
            || feature instanceof Protection.Password
            || feature instanceof Protection.Token);
    if (!isProtected && draw.percent(15)) {
      features.add(draw.percent(65) ? authorizer() : new Protection.Rules());
    }
    if (draw.percent(25)) {
      List<Settings.Kind> fitting = List.of(Settings.Kind.values()).stream()
          .filter(kind -> kind.fits(names))
          .toList();
      features.add(new Settings(draw.oneOf(fitting)));
    }
    return rule.with(rule.backends(), features);
  }

  private Feature authorizer() {
    return new Protection.External(draw.oneOf(AUTHORIZERS_LIMITS));
  }

  private Feature duplex(Processing.Processor processor) {
    String duplex = "FullDuplexStreamed";
    boolean request = draw.percent(70);
    return new Processing.Processor(
        request ? duplex : processor.requestBody(),
        !request || draw.percent(50) ? duplex : processor.responseBody(),
        false);
  }

  private List<Feature> listener(List<Feature> before) {
    List<Feature> features = new ArrayList<>(before);
    if (features.isEmpty() && draw.percent(25)) {
      features.add(new Listening(draw.oneOf(Listening.Kind.LAST)));
    }
    if (draw.percent(25)) {
      features.add(
          switch (draw.between(0, 6)) {
            case 0 -> new Protection.Token();
            case 1 -> new Protection.Rules();
            case 2 -> authorizer();
            case 3 -> new Traffic.Retries(2, false, false);
            case 4 -> new Traffic.Timeouts(1000, true);
            case 5 -> new Processing.Script(draw.percent(50));
            default ->
              new Processing.Processor(
                  draw.oneOf(List.of("None", "Streamed", "Buffered")), "None", false);
          });
    }
    return features;
  }

  /** Its requests, to both Gateways and as other clients send them. */
  List<Ask> asks(Situation situation, List<Ask> before) {
    return before.stream().map(ask -> placed(situation, varied(ask))).toList();
  }

  private Ask placed(Situation situation, Ask ask) {
    List<Integer> own = situation.rules().stream()
        .filter(rule -> rule.number() == ask.rule())
        .findFirst()
        .map(Rule::gateways)
        .orElse(List.of(0, 1));
    boolean anywhere = ask.copies() == 1 && draw.percent(20);
    return twoGateways ? ask.at(draw.oneOf(anywhere ? List.of(0, 1) : own)) : ask;
  }

  private Ask varied(Ask ask) {
    boolean hasBody = ask.framing() != Ask.Framing.NONE && ask.ending() == Ask.Ending.NORMAL;
    if (ask.copies() > 1 || !hasBody) {
      return ask;
    }
    return switch (draw.between(0, 19)) {
      case 0 -> ask.withBody(0, "");
      case 1, 2 -> ask.with("content-type", draw.oneOf(TYPES));
      case 3 -> ask.http2() ? ask : ask.with("expect", "100-continue");
      case 4 -> ask.with("x-gateway-destination-endpoint", "127.0.0.1:1");
      case 5, 6 -> ask.with(Head.SPOOFED, draw.oneOf(List.of("m0", "nobodys", "qwen1")));
      default -> ask;
    };
  }
}
