package dev.pointsman.observe;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.PoolServing;
import dev.pointsman.model.PoolsServing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Metrics and log lines about the pods and endpoint pickers of pools. They do not depend on translations, because Envoy
 * Gateway does not translate again when a pod changes.
 */
public final class PoolMetrics {
  /** The maximum number of pools with series; pools with problems come first. */
  private static final int MOST_POOLS = 1_000;

  private final MultiGauge pods;
  private final MultiGauge pickers;
  private PoolsServing serving = PoolsServing.NONE;

  PoolMetrics(MeterRegistry registry) {
    pods = MultiGauge.builder("pointsman.pool.pods")
        .description("Pods that a pool's selector selects, and those of them that are ready.")
        .register(registry);
    pickers = MultiGauge.builder("pointsman.pool.picker.endpoints")
        .description("Ready endpoints of the Service of a pool's endpoint picker.")
        .register(registry);
  }

  /** Records a new snapshot, and logs problems that have come or gone. */
  public synchronized void changed(ClusterSnapshot snapshot) {
    PoolsServing before = serving;
    serving = before.next(snapshot);
    DiagnosticLines.logChanges(before.problems(), serving.problems());
  }

  /** The present problems of all pools. */
  synchronized List<Diagnostic> problems() {
    return serving.problems();
  }

  /** Brings the series up to date with the pools. */
  synchronized void update() {
    List<Row<?>> podRows = new ArrayList<>();
    List<Row<?>> pickerRows = new ArrayList<>();
    serving.pools().entrySet().stream()
        .sorted(Comparator.comparing((Map.Entry<PoolRef, PoolServing> pool) ->
                pool.getValue().allProblems().isEmpty())
            .thenComparing(pool -> pool.getKey().toString()))
        .limit(MOST_POOLS)
        .forEach(pool -> {
          // Not "namespace": Prometheus sets that label to the namespace of the scraped pod.
          Tags tags = Tags.of(
              "group",
              pool.getKey().group(),
              "pool",
              pool.getKey().namespace() + "/" + pool.getKey().name());
          PoolServing state = pool.getValue();
          podRows.add(Row.of(tags.and("state", "selected"), state.selected()));
          podRows.add(Row.of(tags.and("state", "ready"), state.ready()));
          state.pickerEndpoints().ifPresent(count -> pickerRows.add(Row.of(tags, count)));
        });
    pods.register(podRows, true);
    pickers.register(pickerRows, true);
  }
}
