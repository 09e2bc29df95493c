package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.ServicePort;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Proxies know the pickers of pools that no rule names yet, in the namespaces of the rules' pools. */
class AnnouncedPickersTest {
  private final Seen seen = GoldenCase.named("model-routes-two-pools").seen();

  private static ClusterSnapshot snapshot(String namespace, int pools) {
    ClusterObjects objects = new ClusterObjects();
    for (int i = 0; i < pools; i++) {
      ServicePort service = new ServicePort(namespace, "next-%03d".formatted(i), 9002);
      objects.add(new Service(
          namespace,
          service.name(),
          false,
          Map.of("app", "next"),
          List.of(new Service.Port("grpc", 9002, 9002))));
      objects.add(new InferencePool(
          new PoolRef(PoolRef.V1, namespace, service.name()),
          Map.of("app", "next"),
          List.of(8000),
          AppProtocol.HTTP,
          Optional.of(new EndpointPicker(service, FailureMode.FAIL_CLOSE))));
    }
    return objects.snapshot();
  }

  private static List<String> pickers(TranslationResult answer) {
    return answer.response().getClustersList().stream()
        .map(cluster -> Named.read(Cluster.parser(), cluster).getName())
        .filter(name -> name.startsWith("pointsman/picker/"))
        .toList();
  }

  @Test
  void aPoolWithoutARule() {
    assertThat(pickers(seen.answer(snapshot("default", 1))))
        .containsExactlyInAnyOrder(
            "pointsman/picker/default/deepseek-ext-proc/9002",
            "pointsman/picker/default/next-000/9002",
            "pointsman/picker/default/qwen-ext-proc/9002");
  }

  @Test
  void aNamespaceHasItsPart() {
    assertThat(pickers(seen.answer(snapshot("default", 40)))).hasSize(2 + 16);
  }

  @Test
  void poolsOfOtherNamespacesAreNotTold() {
    assertThat(pickers(seen.answer(snapshot("elsewhere", 3)))).hasSize(2);
  }

  @Test
  void aNewPoolOutdatesTheTranslation() {
    TranslationResult before = seen.answer(snapshot("default", 1));
    assertThat(before.reads().changedNamespaces(snapshot("default", 1))).isEmpty();
    assertThat(before.reads().changedNamespaces(snapshot("default", 2))).containsExactly("default");
  }
}
