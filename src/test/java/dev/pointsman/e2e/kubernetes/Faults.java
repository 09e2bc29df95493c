package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.Fault.Injection;
import dev.pointsman.e2e.kubernetes.Fault.Part;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** The faults of the matrix. */
final class Faults {
  static final Duration SHORT = Duration.ofSeconds(6);
  static final Duration LONG = Duration.ofSeconds(30);
  static final Duration MINUTE = Duration.ofMinutes(1);

  /** A picker that fails open: until Envoy's health check has failed. */
  static final Duration WINDOW = Duration.ofSeconds(2);

  /** The time that a part needs to be whole after its fault. */
  static final Duration AFTER = Duration.ofSeconds(5);

  private Faults() {}

  /** All of them, in the order of the table. */
  static Stream<Fault> all() {
    return Stream.of(
            PointsmanFaults.all(),
            ControlPlaneFaults.all(),
            NetworkFaults.all(),
            DataPlaneFaults.all())
        .flatMap(faults -> faults);
  }

  /** A fault for which no request fails. */
  static Fault harmless(String name, boolean isShort, Duration lasts, Injection injection) {
    return new Fault(name, isShort, lasts, Map.of(), Part.CONTROL_PLANE, injection);
  }

  /** A fault of the API server for which no request fails. */
  static Fault away(String name, boolean isShort, Duration lasts, Injection injection) {
    return new Fault(name, isShort, lasts, Map.of(), Part.API_SERVER, injection);
  }

  /** The requests of a pool fail during the fault. */
  static Map<String, Duration> failing(String pool, Duration lasts) {
    return Map.of(pool, lasts.plus(AFTER));
  }
}
