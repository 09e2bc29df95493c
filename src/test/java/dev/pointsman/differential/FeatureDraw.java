package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Draws the features of a rule and of a listener. */
final class FeatureDraw {
  private static final List<String> BODIES =
      List.of("None", "Streamed", "Streamed", "Buffered", "BufferedPartial");

  private final Draw draw;
  private final Draw variants;
  private int nextBackend;

  /**
   * Creates the draw. The features' backends have numbers from {@code nextBackend} on.
   *
   * @param variants decides between the ways to configure a feature
   */
  FeatureDraw(Draw draw, Draw variants, int nextBackend) {
    this.draw = draw;
    this.variants = variants;
    this.nextBackend = nextBackend;
  }

  int nextBackend() {
    return nextBackend;
  }

  /** The features of a rule, at most one for each field of a policy. */
  List<Feature> ofRule(boolean hasPool, boolean exactPath) {
    List<Feature> features = new ArrayList<>();
    maybe(25, features, () -> headers());
    maybe(
        15,
        features,
        () -> new Filters.Rewrite(
            draw.percent(40) ? "pods.example.com" : "", exactPath || draw.percent(50)));
    maybe(12, features, () -> new Filters.Cors(variants.percent(50)));
    maybe(25, features, () -> mirror(hasPool));
    maybe(12, features, () -> new Filters.Persistence(draw.percent(50)));
    maybe(30, features, () -> traffic());
    maybe(
        12, features, () -> new Traffic.Timeouts(draw.oneOf(List.of(400, 1000)), draw.percent(50)));
    maybe(12, features, () -> new Traffic.Ejection(hasPool && draw.percent(50)));
    maybe(
        20,
        features,
        () -> draw.oneOf(
            List.of(new Protection.ApiKey(), new Protection.Password(), new Protection.Token())));
    maybe(
        20,
        features,
        () -> draw.percent(65)
            ? new Processing.Processor(draw.oneOf(BODIES), draw.oneOf(BODIES), draw.percent(40))
            : new Processing.Script(draw.percent(50)));
    return features;
  }

  /** The features of a listener. */
  List<Feature> ofListener() {
    List<Feature> features = new ArrayList<>();
    for (ListenerFeature.Kind kind : ListenerFeature.Kind.FIRST) {
      maybe(7, features, () -> new ListenerFeature(kind));
    }
    return features.size() > 1 ? List.of(draw.oneOf(features)) : features;
  }

  private Feature headers() {
    boolean request = draw.percent(60);
    return new Filters.ChangeHeaders(request, !request || draw.percent(50));
  }

  private Feature mirror(boolean hasPool) {
    boolean byPolicy = hasPool && draw.percent(50);
    Backend.Kind kind = byPolicy
        ? draw.oneOf(List.of(Backend.Kind.POOL, Backend.Kind.POOL_WITHOUT_PICKER))
        : Backend.Kind.PLAIN;
    return new Filters.Mirror(new Backend(nextBackend++, kind, 1), byPolicy);
  }

  private Feature traffic() {
    return switch (draw.between(0, 9)) {
      case 0 -> new Traffic.Fault(draw.oneOf(List.of(418, 503, 0)), 300);
      case 1, 2 -> new Traffic.OtherAnswer();
      case 3 -> new Traffic.Quota(draw.between(2, 4));
      case 4 -> new Traffic.WholeRequest(draw.oneOf(List.of(100_000, 16 << 20)));
      default -> new Traffic.Retries(draw.between(1, 3), draw.percent(40), variants.percent(50));
    };
  }

  private void maybe(int chance, List<Feature> features, Supplier<Feature> feature) {
    if (draw.percent(chance)) {
      features.add(feature.get());
    }
  }
}
