package dev.pointsman.cli;

import dev.pointsman.config.ServeSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code serve} about recording Envoy Gateway's requests. */
final class RecordOptions {
  @Option(
      names = "--record",
      paramLabel = "DIR",
      description =
          "Write each request of Envoy Gateway into this folder, for translate --recorded. API keys, password hashes,"
              + " private keys, values of headers and settings of users' programs are replaced by digests.")
  private @Nullable Path folder;

  @Option(
      names = "--record-limit",
      paramLabel = "N",
      description =
          "Stop recording when the folder has N requests, each of up to --max-message-size (default: ${DEFAULT-VALUE}).")
  private int limit = 10_000;

  @Option(
      names = "--record-secrets",
      description =
          "Leave API keys and other credentials in the recorded requests; the folder gets none without them afterwards.")
  private boolean secrets;

  /** The settings; empty without a folder. */
  Optional<ServeSettings.Record> settings() {
    return Optional.ofNullable(folder).map(into -> new ServeSettings.Record(into, limit, secrets));
  }
}
