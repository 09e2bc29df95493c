package dev.pointsman.plan;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Destination;
import dev.pointsman.model.InferencePolicy.MirrorSpec;
import dev.pointsman.model.InferencePolicy.ModelSpec;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PoolBackend.ValidPool;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Mirrors that send a request where it goes anyway, as after a canary whose mirror was forgotten. They are reported and
 * have effect all the same: nothing forbids them, and they may be meant as load.
 */
final class RepeatedMirrors {
  /**
   * A place that requests reach.
   *
   * @param model the model's name in the bodies; empty: the client's
   */
  private record Receiver(Destination destination, Optional<String> model) {}

  private final InferencePolicy policy;
  private final Set<Receiver> serving;
  private final Set<Receiver> mirrored = new HashSet<>();

  /**
   * Knows no mirror yet.
   *
   * @param pools those that serve the rule, without those of weight 0
   * @param models the rule's models, of this policy or another
   */
  RepeatedMirrors(InferencePolicy policy, List<PoolBackend> pools, List<ModelSpec> models) {
    this.policy = policy;
    serving = Stream.concat(
            pools.stream().flatMap(RepeatedMirrors::client),
            models.stream()
                .flatMap(model -> model.backends().stream())
                .filter(backend -> backend.weight() > 0)
                .map(backend -> new Receiver(backend.destination(), backend.model())))
        .collect(Collectors.toSet());
  }

  private static Stream<Receiver> client(PoolBackend backend) {
    return backend instanceof ValidPool pool
        ? Stream.of(new Receiver(new Destination.Pool(pool.ref()), Optional.empty()))
        : Stream.of();
  }

  /** The diagnostic of a mirror that has effect; call it once for each, in their order. */
  Optional<Diagnostic> check(int index) {
    MirrorSpec mirror = policy.mirrors().get(index);
    Receiver receiver = new Receiver(mirror.destination(), mirror.model());
    boolean isFirst = mirrored.add(receiver);
    if (serving.contains(receiver)) {
      return Optional.of(repeated(index, "serves the same requests: it gets these and copies"));
    }
    return isFirst
        ? Optional.empty()
        : Optional.of(repeated(index, "an earlier mirror names, too: it gets copies of both"));
  }

  private Diagnostic repeated(int mirror, String why) {
    String field = "spec.mirrors[" + mirror + "]";
    return switch (policy.mirrors().get(mirror).destination()) {
      case Destination.Pool(PoolRef pool) ->
        diagnostic(field + ".pool", "names InferencePool " + pool + ", which " + why);
      case Destination.ServiceDestination(ServicePort service) ->
        diagnostic(field + ".service", "names Service " + service + ", which " + why);
    };
  }

  private Diagnostic diagnostic(String field, String message) {
    return new Diagnostic(Reason.RepeatedMirror, policy.ref(), field, message);
  }
}
