package dev.pointsman.plan;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import java.util.List;
import java.util.Optional;

/** A pool (or, from a policy, a Service) among a rule's backends, resolved for this translation. */
public sealed interface PoolBackend {
  /** Diagnostics of the pool. */
  List<Diagnostic> diagnostics();

  /** A valid pool. */
  record ValidPool(
      PoolRef ref,
      AppProtocol appProtocol,
      Optional<EndpointPicker> picker,
      List<Diagnostic> diagnostics)
      implements PoolBackend {
    public ValidPool {
      diagnostics = List.copyOf(diagnostics);
    }

    /** The parts of a pool that routing depends on. */
    public static ValidPool of(InferencePool pool, List<Diagnostic> remarks) {
      return new ValidPool(pool.ref(), pool.appProtocol(), pool.picker(), remarks);
    }
  }

  /**
   * A Service that a policy names. Endpoint discovery also serves its endpoints.
   *
   * @param model the model's name in the bodies of its requests; empty: the client's
   */
  record ServiceBackend(ServicePort service, Optional<String> model) implements PoolBackend {
    @Override
    public List<Diagnostic> diagnostics() {
      return List.of();
    }
  }

  /** An invalid or missing pool or Service, and the reasons: its share of the rule answers 5xx. */
  record InvalidPool(List<Diagnostic> diagnostics) implements PoolBackend {
    public InvalidPool {
      diagnostics = List.copyOf(diagnostics);
    }
  }
}
