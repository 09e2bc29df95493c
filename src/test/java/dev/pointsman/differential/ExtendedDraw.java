package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws the latest features, for seeds from {@link Draw#ALL} on. It extends a situation that was drawn without them: a
 * second Gateway, several rules in an HTTPRoute, policies on a whole listener, and requests of unusual clients.
 */
final class ExtendedDraw {
  private static final List<List<Integer>> GATEWAYS =
      List.of(List.of(0), List.of(1), List.of(0, 1), List.of(0, 1));
  private static final List<String> TYPES = List.of(
      "text/plain",
      "multipart/form-data; boundary=x",
      "application/json; charset=utf-8",
      "application/vnd.api+json");
  private static final List<Integer> AUTHORIZER_LIMITS = List.of(0, 0, 8000, 5 << 20);

  private final Draw draw;
  private final Draw apart;
  private final boolean twoGateways;

  private ExtendedDraw(Draw draw, Draw apart) {
    this.draw = draw;
    this.apart = apart;
    this.twoGateways = draw.percent(35);
  }

  /** The draw for a seed from {@link Draw#ALL} on. */
  static ExtendedDraw of(long seed) {
    return new ExtendedDraw(Draw.last(seed), Draw.last(~seed));
  }

  /** The extended situation, without requests. */
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

  /** The rule in the HTTPRoute of the previous rule. The policies of both then target rules. */
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

  /** The rule on one Gateway or both. The second rule may serve the first one's model on the other Gateway. */
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
      List<TrafficSetting.Kind> fitting = List.of(TrafficSetting.Kind.values()).stream()
          .filter(kind -> kind.fits(names))
          .toList();
      features.add(new TrafficSetting(draw.oneOf(fitting)));
    }
    return rule.with(rule.backends(), features);
  }

  private Feature authorizer() {
    return new Protection.External(draw.oneOf(AUTHORIZER_LIMITS));
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
      features.add(new ListenerFeature(draw.oneOf(ListenerFeature.Kind.LAST)));
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

  /** The requests, to both Gateways and of unusual clients. */
  List<DrawnRequest> requests(Situation situation, List<DrawnRequest> before) {
    return before.stream().map(request -> placed(situation, varied(request))).toList();
  }

  private DrawnRequest placed(Situation situation, DrawnRequest request) {
    List<Integer> own = situation.rules().stream()
        .filter(rule -> rule.number() == request.rule())
        .findFirst()
        .map(Rule::gateways)
        .orElse(List.of(0, 1));
    boolean anywhere = request.copies() == 1 && draw.percent(20);
    return twoGateways ? request.at(draw.oneOf(anywhere ? List.of(0, 1) : own)) : request;
  }

  private DrawnRequest varied(DrawnRequest request) {
    boolean hasBody = request.framing() != DrawnRequest.Framing.NONE
        && request.behavior() == DrawnRequest.Behavior.NORMAL;
    if (request.copies() > 1 || !hasBody) {
      return request;
    }
    return switch (draw.between(0, 19)) {
      case 0 -> request.withBody(0, "");
      case 1, 2 -> request.with("content-type", draw.oneOf(TYPES));
      case 3 -> request.http2() ? request : request.with("expect", "100-continue");
      case 4 -> request.with("x-gateway-destination-endpoint", "127.0.0.1:1");
      case 5, 6 ->
        request.with(RequestHeaders.FORGED, draw.oneOf(List.of("m0", "nobodys", "qwen1")));
      default -> request;
    };
  }
}
