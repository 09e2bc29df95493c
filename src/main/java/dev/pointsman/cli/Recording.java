package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.hook.Replay;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.xds.XdsSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A recording that was played through the hooks.
 *
 * @param last the last translation
 * @param endpoints the endpoints of the resources and of the recording
 */
record Recording(Replay replay, TranslationResult last, KnownEndpoints endpoints) {
  /**
   * Plays the recording with the manifests, if there are any; their problems are printed.
   *
   * @throws BadInput if there is no translation in it
   */
  static Recording play(
      Path recorded, @Nullable Path resources, ByteSize maxMessageSize, PrintWriter err)
      throws IOException {
    ServeSettings.checkMessageSize(maxMessageSize);
    ClusterSnapshot snapshot = resources == null ? ClusterSnapshot.EMPTY : read(resources, err);
    Replay replay =
        new Replay(XdsSettings.DEFAULT.withLargestAnswer(maxMessageSize.bytes()), snapshot);
    try (Progress _ = Progress.of(err, "playing " + recorded)) {
      RecordedFiles.play(recorded, replay);
    }
    Optional<TranslationResult> last = replay.last();
    if (last.isEmpty()) {
      throw new BadInput(recorded + " has no NNNN-PostTranslateModify.pb: nothing was translated");
    }
    return new Recording(replay, last.get(), KnownEndpoints.of(snapshot, replay.assignments()));
  }

  private static ClusterSnapshot read(Path folder, PrintWriter err) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadInput("--resources " + folder + ": "
          + (Files.exists(folder) ? "is not a folder" : "there is no such folder"));
    }
    ResourceFiles.FolderObjects reading = ResourceFiles.read(folder);
    reading.problems().forEach(err::println);
    reading.unused().forEach(err::println);
    return reading.snapshot();
  }
}
