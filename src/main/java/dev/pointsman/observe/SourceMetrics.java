package dev.pointsman.observe;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.SourceState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Metrics of the source of objects and of its snapshot. */
public final class SourceMetrics {
  private final MeterRegistry registry;
  private volatile ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;

  /** The time of {@link System#nanoTime}: the clock of the machine may be set. */
  private volatile long changed = System.nanoTime();

  SourceMetrics(MeterRegistry registry) {
    this.registry = registry;
    objects("InferencePool", now -> now.pools().size());
    objects("Pod", now -> now.pods().size());
    objects("Service", now -> now.services().size());
    objects(
        "EndpointSlice",
        now -> now.slices().values().stream().mapToInt(List::size).sum());
    objects("HTTPRoute", now -> now.routes().size());
    objects("InferenceModel", now -> now.models().size());
    objects("ReferenceGrant", now -> now.grants().size());
    Gauge.builder("pointsman.snapshot.age", this::secondsSinceChange)
        .description("Seconds since the objects last changed.")
        .baseUnit("seconds")
        .register(registry);
  }

  /** Records a new snapshot. */
  public void changed(ClusterSnapshot now) {
    snapshot = now;
    changed = System.nanoTime();
  }

  /** Registers the supplier of the source's state. */
  public void state(Supplier<SourceState> state) {
    Gauge.builder(
            "pointsman.source.connected", () -> state.get().disconnectedSince().isEmpty() ? 1 : 0)
        .description(
            "0 while the source of objects cannot be reached and the last snapshot is used.")
        .register(registry);
  }

  private void objects(String kind, ToDoubleFunction<ClusterSnapshot> count) {
    Gauge.builder("pointsman.objects", () -> count.applyAsDouble(snapshot))
        .description("Objects in the snapshot.")
        .tag("kind", kind)
        .register(registry);
  }

  private double secondsSinceChange() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - changed) / 1e3;
  }
}
