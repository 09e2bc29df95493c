package dev.pointsman.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.rig.EnvoyGatewayMetadata;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.HostModels;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.Structs;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The policy that has effect, of several. */
class PoliciesTest {
  private static final String ON_ROUTE = "{kind: HTTPRoute, name: chat}";
  private static final String ON_RULE = "{kind: HTTPRoute, name: chat, sectionName: a}";
  private static final String ON_GATEWAY = "{kind: Gateway, name: gw}";
  private static final String ON_LISTENER = "{kind: Gateway, name: gw, sectionName: llm}";

  private final Diagnostics diagnostics = new Diagnostics();

  @Test
  void ruleBeforeRouteBeforeListenerBeforeGateway() {
    List<String> gateways =
        List.of(policy("gw", "", ON_GATEWAY, "40s"), policy("listener", "", ON_LISTENER, "30s"));
    String route = policy("route", "", ON_ROUTE, "20s");
    String rule = policy("rule", "", ON_RULE, "10s");
    assertThat(idle(gateways.subList(0, 1))).isEqualTo(40_000);
    assertThat(idle(gateways)).isEqualTo(30_000);
    assertThat(idle(gateways, route)).isEqualTo(20_000);
    assertThat(idle(gateways, route, rule)).isEqualTo(10_000);
    assertThat(diagnostics.sorted()).isEmpty();
  }

  @Test
  void aGatewayClassComesLastAndOnlyFromTheTrustedNamespace() {
    String ofClass = policy("class", "", "{kind: GatewayClass, name: merged}", "50s");
    String trusted = ofClass.replace("namespace: ml", "namespace: " + XdsSettings.ENVOY_GATEWAY);
    assertThat(trusted).isNotEqualTo(ofClass);
    assertThat(idle(List.of(trusted))).isEqualTo(50_000);
    assertThat(idle(List.of(trusted, policy("gw", "", ON_GATEWAY, "40s")))).isEqualTo(40_000);
    assertThat(diagnostics.sorted()).isEmpty();

    assertThat(onGateways(List.of(ofClass)).on(host("Gateway"))).isEmpty();
    assertThat(diagnostics.sorted())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "InferencePolicy ml/class spec.targetRefs: names a GatewayClass, which only InferencePolicies of namespace"
                + " envoy-gateway-system may target (--class-policies): move the policy there, or target a Gateway"
                + " (PM0010 RefNotPermitted)");
  }

  @Test
  void theOldestPolicyOfATargetWinsAndTheOthersAreReported() {
    String young = policy("a", "2026-03-01T00:00:00Z", ON_ROUTE, "1s");
    String old = policy("b", "2026-01-01T00:00:00Z", ON_ROUTE, "2s");
    String middle = policy("c", "2026-02-01T00:00:00Z", ON_ROUTE, "3s");
    assertThat(idle(List.of(), young, old, middle)).isEqualTo(2_000);
    assertThat(diagnostics.sorted())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "InferencePolicy ml/a spec.targetRefs: has no effect where InferencePolicy ml/b is attached too: the older one counts, and of one age the first by name; merge both into one policy (PM0011 Conflicted)",
            "InferencePolicy ml/c spec.targetRefs: has no effect where InferencePolicy ml/b is attached too: the older one counts, and of one age the first by name; merge both into one policy (PM0011 Conflicted)");
  }

  @Test
  void ofTheSameAgeTheFirstByNameWins() {
    assertThat(idle(List.of(), policy("b", "", ON_ROUTE, "2s"), policy("a", "", ON_ROUTE, "1s")))
        .isEqualTo(1_000);
  }

  @Test
  void aPolicyOnAGatewayKnowsItWithoutItsKind() {
    GatewayPolicies policies = onGateways(List.of(policy("limit", "", ON_GATEWAY, "1s")
        .replace("endpointPicker", "model: {bodyLimit: 1Ki}\n  endpointPicker")));
    for (String kind : List.of("Gateway", "")) {
      assertThat(policies.models(host(kind)).bodyLimit()).isEqualTo(1024);
    }
    assertThat(policies.models(host("XListenerSet")))
        .isEqualTo(HostModels.byDefault(XdsSettings.DEFAULT));
  }

  @Test
  void aListenerOfAListenerSetIsNoneOfTheGateways() {
    GatewayPolicies policies = onGateways(List.of(policy("limit", "", ON_LISTENER, "1s")
        .replace("endpointPicker", "model: {bodyLimit: 1Ki}\n  endpointPicker")));
    assertThat(policies.models(host("Gateway", "ml/gw/llm/*")).bodyLimit()).isEqualTo(1024);
    assertThat(policies.models(host("Gateway", "ml/gw/team/set/llm/*")))
        .isEqualTo(HostModels.byDefault(XdsSettings.DEFAULT));
  }

  private long idle(List<String> onGateways, String... onRoute) {
    PolicyPlan plan = new Policies(
            onGateways(onGateways),
            List.of(),
            sent(onRoute),
            new ClusterReads(ClusterSnapshot.EMPTY),
            diagnostics)
        .of(facts(onRoute), host("Gateway"));
    return plan.picker().idleTimeoutMillis().orElseThrow();
  }

  private GatewayPolicies onGateways(List<String> onGateways) {
    List<ByteString> objects = onGateways.stream()
        .map(policy -> ByteString.copyFromUtf8(new YAMLMapper().readTree(policy).toString()))
        .toList();
    return new GatewayPolicies(objects, XdsSettings.DEFAULT, diagnostics);
  }

  /** Each is its own id. */
  private static Map<String, Struct> sent(String... policies) {
    Map<String, Struct> sent = new HashMap<>();
    for (String policy : policies) {
      sent.put(policy, Structs.of(new YAMLMapper().readTree(policy)));
    }
    return sent;
  }

  private static RouteFacts facts(String... policies) {
    Route.Builder route = Route.newBuilder()
        .setName("r")
        .setMetadata(EnvoyGatewayMetadata.of(new ObjectRef("HTTPRoute", "ml", "chat")));
    route.getRouteBuilder().setCluster("httproute/ml/chat/rule/0");
    try {
      return RouteFacts.of(InBand.withRecord(
          route.build().toByteString(), InBand.record(List.of(), List.of(policies), Map.of())));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ShallowVirtualHost host(String kind) {
    return host(kind, "h");
  }

  private static ShallowVirtualHost host(String kind, String name) {
    ByteString bytes = VirtualHost.newBuilder()
        .setName(name)
        .setMetadata(EnvoyGatewayMetadata.of(new ObjectRef(kind, "ml", "gw"), "llm"))
        .build()
        .toByteString();
    try {
      return ShallowVirtualHost.parseFrom(bytes);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String policy(String name, String created, String target, String idle) {
    return """
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: %s, namespace: ml, creationTimestamp: "%s"}
        spec:
          targetRefs: [%s]
          endpointPicker: {idleTimeout: %s}
        """.formatted(name, created, target, idle);
  }
}
