package dev.pointsman.e2e.kubernetes;

import static dev.pointsman.e2e.kubernetes.Faults.LONG;
import static dev.pointsman.e2e.kubernetes.Faults.MINUTE;
import static dev.pointsman.e2e.kubernetes.Faults.SHORT;
import static dev.pointsman.e2e.kubernetes.Faults.away;
import static dev.pointsman.e2e.kubernetes.Faults.harmless;
import static dev.pointsman.e2e.kubernetes.Injections.controlPlane;
import static dev.pointsman.e2e.kubernetes.Injections.frozen;
import static dev.pointsman.e2e.kubernetes.Injections.one;
import static dev.pointsman.e2e.kubernetes.Injections.refused;
import static dev.pointsman.e2e.kubernetes.Injections.reset;
import static dev.pointsman.e2e.kubernetes.Injections.slow;

import dev.pointsman.e2e.kubernetes.Fault.Part;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** Envoy Gateway, the API server or its store fails. */
final class ControlPlaneFaults {
  private static final int API_SERVER = 443;

  /** A kubelet reports each 10 s. */
  private static final Duration REPORT = Duration.ofSeconds(12);

  private ControlPlaneFaults() {}

  static Stream<Fault> all() {
    return Stream.of(
        harmless(
            "Envoy Gateway killed", true, SHORT, Injections.killed(one(FaultScene::envoyGateway))),
        harmless("Envoy Gateway hangs", false, LONG, frozen(one(FaultScene::envoyGateway))),
        harmless("two Envoy Gateways", false, LONG, scene -> {
          scene.scaleEnvoyGateway(2);
          return () -> scene.scaleEnvoyGateway(1);
        }),
        away("API server hangs", true, SHORT, frozen(controlPlane("kube-apiserver"))),
        // Kubernetes misses the node's heartbeats, and says that no pod is ready until the node
        // reports again.
        new Fault(
            "API server hangs for a minute",
            false,
            MINUTE,
            Map.of(FaultScene.CLOSED, REPORT, FaultScene.OPEN, REPORT),
            Part.API_SERVER,
            frozen(controlPlane("kube-apiserver"))),
        away("API server is slow", false, LONG, slow(controlPlane("kube-apiserver"))),
        harmless("API server answers 429", false, LONG, refused(429)),
        harmless("API server answers 500", true, SHORT, refused(500)),
        harmless("API server answers 410: versions too old", false, LONG, refused(410)),
        harmless(
            "watches cut each second",
            false,
            LONG,
            reset(
                scene -> scene.pointsman().processes(),
                scene -> scene.addresses().ofApiServer(),
                API_SERVER)),
        away("etcd is slow", false, LONG, slow(controlPlane("etcd"))));
  }
}
