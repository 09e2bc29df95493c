package dev.pointsman.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.config.BadInput;
import dev.pointsman.diff.GatewayState;
import dev.pointsman.diff.StateChanges;
import dev.pointsman.diff.StateChanges.Translated;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ByteSize;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code diff} about another build of Pointsman. */
final class OtherBuildOptions {
  @Option(
      names = "--against",
      paramLabel = "JAR|IMAGE",
      description =
          "Instead of OLD and NEW: compare what another build makes of --recorded with what this one makes of it, by its"
              + " last translation. An image is run by docker or podman.")
  private @Nullable String against;

  @Option(
      names = "--recorded",
      paramLabel = "DIR",
      description = "With --against: the recording (serve --record DIR).")
  private @Nullable Path recorded;

  @Option(
      names = "--resources",
      paramLabel = "DIR",
      description = "With --against: manifests of pools, Pods, Services and EndpointSlices.")
  private @Nullable Path resources;

  boolean isGiven() {
    return against != null || recorded != null || resources != null;
  }

  /**
   * The changes from the other build to this one.
   *
   * @throws BadInput if an option is missing, or the other build fails
   */
  StateChanges changes(ByteSize maxMessageSize, PrintWriter err) throws IOException {
    if (against == null || recorded == null) {
      throw new BadInput("--against JAR|IMAGE and --recorded DIR need each other");
    }
    Recording recording = Recording.play(recorded, resources, maxMessageSize, err);
    try (Progress _ = Progress.of(err, "translating with " + against)) {
      return StateChanges.between(
          translated(
              recording, new OtherBuild(against).translate(recorded, resources, maxMessageSize)),
          translated(recording, recording.last().response()));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new BadInput(
          "a translation of " + against + " is not valid: " + unreadable.getMessage());
    } finally {
      err.flush();
    }
  }

  /** Without diagnostics, which the other build prints in its own words. */
  private static Translated translated(Recording recording, PostTranslateModifyResponse answer) {
    return new Translated(
        List.of(new GatewayState(recording.last().gateways(), answer, List.of())),
        recording.endpoints()::addresses);
  }
}
