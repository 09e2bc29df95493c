package dev.pointsman.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.EndpointSlice;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.Pod.Phase;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pods and pickers of pools as an operator sees them, without a translation. */
class PoolMetricsTest {
  private static final String POOL = "group=\"" + PoolRef.V1 + "\",pool=\"ml/qwen\"";

  private final Metrics metrics = new Metrics();

  /** A cluster with one pool. */
  private static ClusterSnapshot cluster(List<Pod> pods, List<String> pickerAddresses) {
    ClusterObjects objects = new ClusterObjects();
    objects.add(new InferencePool(
        new PoolRef(PoolRef.V1, "ml", "qwen"),
        Map.of("app", "qwen"),
        List.of(8000),
        AppProtocol.HTTP,
        Optional.of(
            new EndpointPicker(new ServicePort("ml", "picker", 9002), FailureMode.FAIL_OPEN))));
    objects.add(new Service(
        "ml", "picker", false, Map.of("app", "picker"), List.of(new Service.Port("", 9002, 9002))));
    objects.add(new EndpointSlice("ml", "picker", pickerAddresses, Map.of("", 9002)));
    pods.forEach(objects::add);
    return objects.snapshot();
  }

  private static Pod pod(String name, Phase phase) {
    return new Pod("ml", name, Map.of("app", "qwen"), "10.0.0.1", List.of(8000), phase);
  }

  private Stream<Reason> reasons() {
    return metrics.pools().problems().stream().map(problem -> problem.reason());
  }

  @Test
  void podsAndPickersAreCounted() {
    metrics
        .pools()
        .changed(cluster(
            List.of(
                pod("a", Phase.READY),
                pod("b", Phase.READY),
                pod("c", Phase.UNREADY),
                pod("d", Phase.ENDED)),
            List.of("10.0.1.1")));
    assertThat(metrics.scrape())
        .contains("pointsman_pool_pods{" + POOL + ",state=\"selected\"} 3.0\n")
        .contains("pointsman_pool_pods{" + POOL + ",state=\"ready\"} 2.0\n")
        .contains("pointsman_pool_picker_endpoints{" + POOL + "} 1.0\n");
    assertThat(reasons()).isEmpty();
  }

  @Test
  void aPickerThatIsScaledToZeroIsAProblemUntilItIsBack() {
    List<Pod> pods = List.of(pod("a", Phase.READY));
    metrics.pools().changed(cluster(pods, List.of()));
    assertThat(reasons()).containsExactly(Reason.PickerUnavailable);
    assertThat(metrics.scrape()).contains("pointsman_pool_picker_endpoints{" + POOL + "} 0.0\n");
    metrics.pools().changed(cluster(pods, List.of("10.0.1.1")));
    assertThat(reasons()).isEmpty();
  }

  /** The Service is all that Envoy asks, and no translation follows its deletion. */
  @Test
  void aPickerWhoseServiceIsDeletedHasNoEndpointAndIsAProblem() {
    List<Pod> pods = List.of(pod("a", Phase.READY));
    ClusterSnapshot served = cluster(pods, List.of("10.0.1.1"));
    metrics.pools().changed(served);
    metrics.pools().changed(withServices(served, Map.of()));
    assertThat(reasons()).containsExactly(Reason.PickerNotFound);
    assertThat(metrics.scrape()).contains("pointsman_pool_picker_endpoints{" + POOL + "} 0.0\n");
    Service other =
        new Service("ml", "picker", false, Map.of(), List.of(new Service.Port("", 9003, 9002)));
    metrics.pools().changed(withServices(served, Map.of(new ObjectName("ml", "picker"), other)));
    assertThat(reasons()).containsExactly(Reason.PickerPortNotFound);
    assertThat(metrics.scrape()).contains("pointsman_pool_picker_endpoints{" + POOL + "} 0.0\n");
    metrics.pools().changed(served);
    assertThat(reasons()).isEmpty();
  }

  private static ClusterSnapshot withServices(
      ClusterSnapshot of, Map<ObjectName, Service> services) {
    return new ClusterSnapshot(
        true,
        of.pools(),
        of.pods(),
        services,
        of.slices(),
        of.routes(),
        of.models(),
        of.adapters(),
        of.grants(),
        of.certificates());
  }

  @Test
  void aDeletedPoolHasNoSeries() {
    metrics.pools().changed(cluster(List.of(), List.of("10.0.1.1")));
    assertThat(reasons()).containsExactly(Reason.NoPods);
    assertThat(metrics.scrape()).contains("pointsman_pool_pods{" + POOL);
    metrics.pools().changed(new ClusterObjects().snapshot());
    assertThat(reasons()).isEmpty();
    assertThat(metrics.scrape()).doesNotContain(POOL);
  }
}
