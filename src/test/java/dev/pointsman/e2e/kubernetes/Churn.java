package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Writes the changes of {@link ChurnedObjects}, up to {@value #PER_SECOND} a second. */
final class Churn {
  static final int PER_SECOND = 50;
  private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);
  private static final long INTERVAL = 1_000_000_000L / PER_SECOND;

  private final KubernetesClient api;
  private final String namespace;
  private final ChurnedObjects objects;
  private long calls;

  private Churn(KubernetesClient api, String namespace, ChurnedObjects objects) {
    this.api = api;
    this.namespace = namespace;
    this.objects = objects;
  }

  /** Makes all objects. */
  static Churn begin(Cluster cluster, String namespace, long seed) {
    Churn churn = new Churn(cluster.api(), namespace, new ChurnedObjects(new Random(seed)));
    churn.run(churn.objects.begin());
    return churn;
  }

  /** The number of changes so far. */
  long calls() {
    return calls;
  }

  /** The objects as they were last written. */
  ChurnedObjects objects() {
    return objects;
  }

  /** Changes for so long, then lets each object refer to others that exist. */
  void run(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long next = System.nanoTime();
    while (System.nanoTime() < end) {
      List<ChurnCall> change = objects.change();
      run(change);
      // Late changes are not made up for: a burst is another measurement.
      next = Math.max(next + change.size() * INTERVAL, System.nanoTime());
      Thread.sleep(Duration.ofNanos(next - System.nanoTime()));
    }
    run(objects.complete());
  }

  private void run(List<ChurnCall> changes) {
    for (ChurnCall change : changes) {
      switch (change) {
        case ChurnCall.Apply(String manifest) ->
          api.resource(manifest).inNamespace(namespace).forceConflicts().serverSideApply();
        case ChurnCall.Delete(String manifest) -> {
          HasMetadata object = api.resource(manifest).item();
          var _ = api.resource(object).inNamespace(namespace).withGracePeriod(0).delete();
        }
        case ChurnCall.Status(String pod, String json) -> {
          Pod _ = api.pods()
              .inNamespace(namespace)
              .withName(pod)
              .subresource("status")
              .patch(MERGE, json);
        }
      }
      calls++;
    }
  }
}
