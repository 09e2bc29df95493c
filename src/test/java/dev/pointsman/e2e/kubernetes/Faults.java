package dev.pointsman.e2e.kubernetes;

import static dev.pointsman.e2e.kubernetes.FaultScene.CLOSED;
import static dev.pointsman.e2e.kubernetes.FaultScene.OPEN;

import dev.pointsman.e2e.kubernetes.Fault.Injection;
import dev.pointsman.e2e.kubernetes.Fault.Part;
import dev.pointsman.e2e.kubernetes.Fault.Undo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The faults of the matrix. */
final class Faults {
  private static final Duration SHORT = Duration.ofSeconds(6);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** A picker that fails open: until Envoy's health check has failed. */
  private static final Duration WINDOW = Duration.ofSeconds(2);

  /** The time that a part needs to be whole after its fault. */
  private static final Duration AFTER = Duration.ofSeconds(5);

  private Faults() {}

  /** All of them, in the order of the table. */
  static Stream<Fault> all() {
    return Stream.of(
        harmless("Pointsman's active replica killed", true, SHORT, scene -> {
          scene.activeReplica().kill();
          return Undo.NOTHING;
        }),
        harmless("both replicas of Pointsman killed", true, SHORT, scene -> {
          scene.pointsman().forEach(ClusterProcess::kill);
          return Undo.NOTHING;
        }),
        harmless("Pointsman hangs", true, SHORT, frozen(FaultScene::pointsman)),
        harmless("Pointsman is slow", false, LONG, slow(FaultScene::pointsman)),
        harmless("Envoy Gateway killed", true, SHORT, scene -> {
          scene.envoyGateway().kill();
          return Undo.NOTHING;
        }),
        harmless("Envoy Gateway hangs", false, LONG, frozen(one(FaultScene::envoyGateway))),
        harmless("API server hangs", true, SHORT, frozen(controlPlane("kube-apiserver"))),
        // Kubernetes misses the node's heartbeats, and says for a moment that no pod is ready.
        new Fault(
            "API server hangs for a minute",
            false,
            MINUTE,
            Map.of(CLOSED, AFTER, OPEN, AFTER),
            Part.CONTROL_PLANE,
            frozen(controlPlane("kube-apiserver"))),
        harmless("etcd is slow", false, LONG, slow(controlPlane("etcd"))),
        harmless(
            "no network between proxy and Pointsman",
            true,
            SHORT,
            cut(one(FaultScene::proxy), FaultScene::pointsmanAddresses)),
        harmless(
            "no network between Envoy Gateway and Pointsman",
            false,
            LONG,
            cut(one(FaultScene::envoyGateway), FaultScene::pointsmanAddresses)),
        harmless(
            "no network between Pointsman and the API server",
            false,
            LONG,
            cut(FaultScene::pointsman, FaultScene::apiServerAddresses)),
        new Fault(
            "picker killed, FailOpen",
            true,
            SHORT,
            Map.of(OPEN, WINDOW),
            Part.DATA_PLANE,
            scene -> {
              scene.picker(OPEN).kill();
              return Undo.NOTHING;
            }),
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
            scene -> {
              scene.picker(CLOSED).kill();
              return Undo.NOTHING;
            }),
        new Fault(
            "picker hangs, FailClose",
            false,
            SHORT,
            failing(CLOSED, SHORT),
            Part.HANGING_PICKER,
            frozen(one(scene -> scene.picker(CLOSED)))),
        new Fault(
            "a pod of two killed", true, SHORT, Map.of(CLOSED, WINDOW), Part.DATA_PLANE, scene -> {
              scene.server(CLOSED).kill();
              return Undo.NOTHING;
            }));
  }

  private static Fault harmless(String name, boolean isShort, Duration lasts, Injection injection) {
    return new Fault(name, isShort, lasts, Map.of(), Part.CONTROL_PLANE, injection);
  }

  private static Map<String, Duration> failing(String pool, Duration lasts) {
    return Map.of(pool, lasts.plus(AFTER));
  }

  private static Function<FaultScene, List<ClusterProcess>> one(
      Function<FaultScene, ClusterProcess> process) {
    return process.andThen(List::of);
  }

  private static Function<FaultScene, List<ClusterProcess>> controlPlane(String program) {
    return scene -> List.of(ClusterProcess.ofControlPlane(scene.cluster(), program));
  }

  private static Injection frozen(Function<FaultScene, List<ClusterProcess>> processes) {
    return scene -> {
      List<ClusterProcess> all = processes.apply(scene);
      all.forEach(ClusterProcess::freeze);
      return () -> all.forEach(ClusterProcess::thaw);
    };
  }

  /** Frozen nine tenths of the time, for a second at a time. */
  private static Injection slow(Function<FaultScene, List<ClusterProcess>> processes) {
    return scene -> {
      List<ClusterProcess> all = processes.apply(scene);
      Thread thread = Thread.ofPlatform().name("slow").start(() -> {
        try {
          while (true) {
            all.forEach(ClusterProcess::freeze);
            Thread.sleep(900);
            all.forEach(ClusterProcess::thaw);
            Thread.sleep(100);
          }
        } catch (InterruptedException end) {
          all.forEach(ClusterProcess::thaw);
        }
      });
      return () -> {
        thread.interrupt();
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      };
    };
  }

  private static Injection cut(
      Function<FaultScene, List<ClusterProcess>> processes,
      Function<FaultScene, List<String>> addresses) {
    return scene -> {
      List<ClusterProcess> all = processes.apply(scene);
      List<String> other = addresses.apply(scene);
      all.forEach(process -> process.cutOff(other));
      return () -> all.forEach(process -> process.connect(other));
    };
  }
}
