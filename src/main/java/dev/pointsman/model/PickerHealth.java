package dev.pointsman.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The health service of a picker's replicas ({@code grpc.health.v1}, without TLS), as a readiness probe names it. A
 * replica that follows a leader or drains says NOT_SERVING there.
 *
 * @param port of the picker's pods
 * @param service the name in the health service; empty: the server as a whole
 */
public record PickerHealth(int port, String service) {
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9._/-]{0,253}");
  private static final int MAX_PORT = 65_535;

  /** Reads the field of the picker settings, if it is there and valid. */
  static Optional<PickerHealth> of(Fields picker) {
    return picker.object("health").flatMap(health -> {
      if (!health.has("port")) {
        health.problem(
            "port", "is missing: use the health port of the picker's pods, such as 9003");
      }
      String service = health.string("service").orElse("");
      if (!SERVICE.matcher(service).matches()) {
        health.problem(
            "service",
            "is \"" + UserStrings.legible(service)
                + "\": use letters, digits, dots, slashes, hyphens and underscores, at most 253");
        return Optional.empty();
      }
      return health.integer("port", 1, MAX_PORT).stream()
          .mapToObj(port -> new PickerHealth(port, service))
          .findFirst();
    });
  }
}
