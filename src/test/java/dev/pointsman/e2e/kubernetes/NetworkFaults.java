package dev.pointsman.e2e.kubernetes;

import static dev.pointsman.e2e.kubernetes.FaultScene.CLOSED;
import static dev.pointsman.e2e.kubernetes.FaultScene.OPEN;
import static dev.pointsman.e2e.kubernetes.Faults.LONG;
import static dev.pointsman.e2e.kubernetes.Faults.SHORT;
import static dev.pointsman.e2e.kubernetes.Faults.harmless;
import static dev.pointsman.e2e.kubernetes.Injections.cut;
import static dev.pointsman.e2e.kubernetes.Injections.one;
import static dev.pointsman.e2e.kubernetes.Injections.reset;

import dev.pointsman.e2e.kubernetes.Fault.Part;
import java.util.Map;
import java.util.stream.Stream;

/** Two parts cannot reach each other: packets are dropped, and connections stay half open. */
final class NetworkFaults {
  private static final int DISCOVERY = 18010;

  private NetworkFaults() {}

  static Stream<Fault> all() {
    return Stream.of(
        harmless(
            "no network between proxy and Pointsman",
            true,
            SHORT,
            cut(one(FaultScene::proxy), scene -> scene.addresses().ofPointsman())),
        harmless(
            "endpoint discovery cut each second",
            false,
            LONG,
            reset(one(FaultScene::proxy), scene -> scene.addresses().ofPointsman(), DISCOVERY)),
        harmless(
            "no network between proxy and Envoy Gateway",
            false,
            LONG,
            cut(one(FaultScene::proxy), scene -> scene.addresses().ofEnvoyGateway())),
        harmless(
            "no network between Envoy Gateway and Pointsman",
            false,
            LONG,
            cut(one(FaultScene::envoyGateway), scene -> scene.addresses().ofPointsman())),
        harmless(
            "no network between Envoy Gateway and the API server",
            false,
            LONG,
            cut(one(FaultScene::envoyGateway), scene -> scene.addresses().ofApiServer())),
        harmless(
            "no network between Pointsman and the API server",
            false,
            LONG,
            cut(
                scene -> scene.pointsman().processes(),
                scene -> scene.addresses().ofApiServer())),
        harmless(
            "no network between picker and the API server",
            false,
            LONG,
            cut(one(scene -> scene.picker(CLOSED)), scene -> scene.addresses().ofApiServer())),
        new Fault(
            "no network between proxy and picker, FailOpen",
            false,
            LONG,
            Map.of(OPEN, Faults.WINDOW), // those that the picker had
            Part.HANGING_PICKER,
            cut(one(FaultScene::proxy), scene -> scene.addresses().ofPicker(OPEN))),
        new Fault(
            "no network between proxy and a pod of two",
            false,
            LONG,
            Faults.failing(CLOSED, LONG),
            Part.SILENT_POD,
            cut(one(FaultScene::proxy), scene -> scene.addresses().ofServer(CLOSED))));
  }
}
