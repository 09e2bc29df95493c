package dev.pointsman.cli;

import dev.pointsman.config.HostPort;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code serve} about the comparison with another Pointsman. */
final class ShadowOptions {
  private static final HostPort DEFAULT = new HostPort("0.0.0.0", 5006);

  @Option(
      names = "--shadow",
      description =
          "Answer each hook with its input, and compare the own translations with those of the Pointsman that Envoy Gateway"
              + " calls in between: before it --grpc-address, after it --shadow-address. Run one replica.")
  private boolean shadow;

  @Option(
      names = "--shadow-address",
      paramLabel = "H:P",
      description = "Listen address after the other Pointsman (default: 0.0.0.0:5006).")
  private @Nullable HostPort address;

  /** The address; empty without {@code --shadow}. */
  Optional<HostPort> settings() {
    return shadow ? Optional.of(Optional.ofNullable(address).orElse(DEFAULT)) : Optional.empty();
  }
}
