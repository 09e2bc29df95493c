package dev.pointsman.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.PoolParser;
import dev.pointsman.plan.PoolBackend.ValidPool;
import java.util.List;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Policies and pools of the namespace {@code ml}. */
final class PolicySamples {
  private PolicySamples() {}

  static InferencePolicy policy(String spec) {
    return valid(PolicyParser.parse(new YAMLMapper().readTree("""
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: p, namespace: ml}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: chat}]
        """ + spec.strip().indent(2))));
  }

  static InferencePool pool(String name) {
    return valid(PoolParser.parse(new YAMLMapper().readTree("""
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: %s, namespace: ml}
        spec:
          selector: {matchLabels: {app: a}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: epp, port: {number: 9002}}
        """.formatted(name))));
  }

  private static <T> T valid(Parsed<T> parsed) {
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<T>) parsed).value();
  }

  static ValidPool usable(InferencePool pool) {
    return new ValidPool(pool.ref(), AppProtocol.HTTP, pool.picker(), List.of());
  }
}
