package dev.pointsman.e2e.kubernetes;

import static dev.pointsman.e2e.kubernetes.Faults.LONG;
import static dev.pointsman.e2e.kubernetes.Faults.SHORT;
import static dev.pointsman.e2e.kubernetes.Faults.harmless;
import static dev.pointsman.e2e.kubernetes.Injections.frozen;
import static dev.pointsman.e2e.kubernetes.Injections.late;
import static dev.pointsman.e2e.kubernetes.Injections.one;
import static dev.pointsman.e2e.kubernetes.Injections.slow;

import dev.pointsman.e2e.kubernetes.Fault.Undo;
import java.time.Duration;
import java.util.stream.Stream;

/** Pointsman fails. */
final class PointsmanFaults {
  private static final int HOOKS = 5005;

  private PointsmanFaults() {}

  static Stream<Fault> all() {
    return Stream.of(
        harmless("Pointsman's active replica killed", true, SHORT, scene -> {
          scene.pointsman().activeReplica().kill();
          return Undo.NOTHING;
        }),
        harmless("Pointsman killed in the middle of a translation", true, SHORT, scene -> {
          scene.pointsman().killInATranslation();
          return Undo.NOTHING;
        }),
        harmless("the replica that writes statuses killed", false, LONG, scene -> {
          scene.pointsman().leader().kill();
          return () -> {
            var _ = scene.pointsman().leader();
          };
        }),
        harmless(
            "both replicas of Pointsman killed",
            true,
            SHORT,
            Injections.killed(scene -> scene.pointsman().processes())),
        harmless(
            "Pointsman hangs", true, SHORT, frozen(scene -> scene.pointsman().processes())),
        harmless(
            "Pointsman is slow", false, LONG, slow(scene -> scene.pointsman().processes())),
        harmless(
            "each hook takes 5 s",
            true,
            SHORT,
            late(
                one(FaultScene::envoyGateway),
                scene -> scene.addresses().ofReplicas(),
                HOOKS,
                Duration.ofSeconds(5))),
        harmless(
            "Pointsman's certificate half written",
            false,
            LONG,
            scene -> PointsmanCertificate.of(scene).halfWritten()),
        harmless(
            "Pointsman's certificate of an unknown authority",
            false,
            LONG,
            scene -> PointsmanCertificate.of(scene).untrusted()),
        harmless(
            "Pointsman's certificate expired",
            false,
            LONG,
            scene -> PointsmanCertificate.of(scene).expired()),
        harmless("Pointsman's clock jumps by a month and back", false, LONG, ClockJump::begin));
  }
}
