package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.InferencePolicy.Destination;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Policies to read. */
abstract class PolicyFixture {

  static InferencePolicy policy(JsonNode object) {
    Parsed<InferencePolicy> parsed = PolicyParser.parse(object);
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<InferencePolicy>) parsed).value();
  }

  static Destination pool(String group, String namespace, String name) {
    return new Destination.Pool(new PoolRef(group, namespace, name));
  }

  static Destination service(String namespace, String name, int port) {
    return new Destination.ServiceDestination(new ServicePort(namespace, name, port));
  }

  /** A policy on an HTTPRoute with this in its spec. */
  static JsonNode onRoute(String more) {
    return new YAMLMapper().readTree("""
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: p, namespace: ml}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: llm}]
        """ + more.indent(2));
  }
}
