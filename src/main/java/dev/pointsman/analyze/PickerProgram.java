package dev.pointsman.analyze;

import dev.pointsman.analyze.Workload.Container;
import dev.pointsman.model.PoolRef;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * An endpoint picker of the Inference Extension in a workload, by its command line (its flags of 1.5.0, and those of
 * earlier versions in camel case).
 */
record PickerProgram(Workload workload, Container container, Map<String, String> flags) {
  private static final int DEFAULT_PORT = 9002;

  /** The picker among the containers of a workload. */
  static Optional<PickerProgram> of(Workload workload) {
    return workload.containers().stream()
        .map(container -> new PickerProgram(workload, container, container.flags()))
        .filter(program -> program.flag("pool-name").isPresent())
        .findFirst();
  }

  /** The value of a flag; empty if it is not set, or set from the environment. */
  private Optional<String> flag(String name) {
    return Stream.of(name, camelCase(name))
        .flatMap(one -> Optional.ofNullable(flags.get(one)).stream())
        .filter(value -> !value.contains("$("))
        .findFirst();
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder();
    for (String word : name.split("-")) {
      camel.append(
          camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camel.toString();
  }

  Optional<String> poolName() {
    return flag("pool-name");
  }

  String poolGroup() {
    return flag("pool-group").orElse(PoolRef.V1);
  }

  boolean isSecure() {
    return !flag("secure-serving").orElse("true").equals("false");
  }

  boolean makesItsCertificate() {
    return flag("cert-path").isEmpty();
  }

  boolean electsLeader() {
    return flag("ha-enable-leader-election").orElse("false").equals("true");
  }

  /** The port of its gRPC service; empty if it is set from the environment. */
  OptionalInt port() {
    boolean isSet = flags.containsKey("grpc-port") || flags.containsKey("grpcPort");
    Optional<String> text = flag("grpc-port").filter(port -> port.matches("\\d{1,5}"));
    return text.isPresent()
        ? OptionalInt.of(Integer.parseInt(text.get()))
        : isSet ? OptionalInt.empty() : OptionalInt.of(DEFAULT_PORT);
  }

  /** The path of a flag's word in the manifest. */
  String pathOf(String flag) {
    String path = container.pathOf(flag);
    return path.equals(container.path()) ? container.pathOf(camelCase(flag)) : path;
  }
}
