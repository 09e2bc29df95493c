package dev.pointsman.e2e.kubernetes;

import static dev.pointsman.e2e.kubernetes.FaultScene.CLOSED;
import static dev.pointsman.e2e.kubernetes.FaultScene.OPEN;
import static dev.pointsman.e2e.kubernetes.Faults.MINUTE;
import static dev.pointsman.e2e.kubernetes.Faults.SHORT;
import static dev.pointsman.e2e.kubernetes.Faults.WINDOW;
import static dev.pointsman.e2e.kubernetes.Faults.failing;
import static dev.pointsman.e2e.kubernetes.Injections.frozen;
import static dev.pointsman.e2e.kubernetes.Injections.killed;
import static dev.pointsman.e2e.kubernetes.Injections.one;

import dev.pointsman.e2e.kubernetes.Fault.Part;
import dev.pointsman.e2e.kubernetes.Fault.Undo;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** A picker or a pod fails. */
final class DataPlaneFaults {
  /** An address of the pods' network that nobody has. */
  private static final String NOBODY = "10.244.250.250";

  /** Kubernetes says for so long that the Pods of a lost node are ready. */
  private static final Duration NOTICED = Duration.ofSeconds(50);

  private DataPlaneFaults() {}

  static Stream<Fault> all() {
    return Stream.of(
        new Fault(
            "picker killed, FailOpen",
            true,
            SHORT,
            Map.of(OPEN, WINDOW),
            Part.DATA_PLANE,
            killed(one(scene -> scene.picker(OPEN)))),
        new Fault(
            "picker hangs, FailOpen",
            true,
            SHORT,
            Map.of(),
            Part.HANGING_PICKER,
            frozen(one(scene -> scene.picker(OPEN)))),
        new Fault(
            "picker killed, FailClose",
            false,
            SHORT,
            failing(CLOSED, SHORT),
            Part.DATA_PLANE,
            killed(one(scene -> scene.picker(CLOSED)))),
        new Fault(
            "picker hangs, FailClose",
            false,
            SHORT,
            failing(CLOSED, SHORT),
            Part.HANGING_PICKER,
            frozen(one(scene -> scene.picker(CLOSED)))),
        new Fault(
            "a pod of two killed",
            true,
            SHORT,
            Map.of(CLOSED, WINDOW),
            Part.DATA_PLANE,
            killed(one(scene -> scene.server(CLOSED)))),
        new Fault(
            "a ready pod that never listens",
            true,
            SHORT,
            failing(CLOSED, SHORT),
            Part.DATA_PLANE,
            scene -> scene.phantom(CLOSED, NOBODY, "Running")::delete),
        new Fault(
            "a node lost with a pod of three",
            false,
            MINUTE,
            failing(CLOSED, NOTICED),
            Part.SILENT_POD,
            DataPlaneFaults::nodeLost),
        // A kubelet may leave the address in the status of a pod that has ended.
        new Fault(
            "an address used again by another pool's pod",
            true,
            SHORT,
            Map.of(),
            Part.DATA_PLANE,
            scene -> scene.phantom(CLOSED, scene.addresses().ofServer(OPEN).getFirst(), "Failed")
                ::delete));
  }

  private static Undo nodeLost(FaultScene scene) {
    ExtraNode node = scene.extraNode(CLOSED);
    scene.awaitWhole(scene.change());
    node.lose();
    return node::remove;
  }
}
