package dev.pointsman.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.config.BadInput;
import dev.pointsman.hook.RecordedName;
import dev.pointsman.hook.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Hook requests recorded from a real Envoy Gateway: files {@code NNNN-Post<Hook>Modify.pb}, in the order of calls. */
public final class RecordedFiles {
  private RecordedFiles() {}

  /**
   * Plays a folder's requests.
   *
   * @throws BadInput when there is no such folder, no request in it, or one that cannot be read
   */
  public static void play(Path folder, Replay replay) throws IOException {
    for (Recorded recorded : in(folder)) {
      String method = recorded.name().method();
      try {
        replay.play(method, ByteString.copyFrom(Files.readAllBytes(recorded.file())));
      } catch (InvalidProtocolBufferException unreadable) {
        throw new BadInput(
            recorded.file() + " is not a " + method + " request: " + unreadable.getMessage());
      }
    }
  }

  /** Whether a folder has recorded requests. */
  static boolean isRecording(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> name(file).isPresent());
    }
  }

  private record Recorded(Path file, RecordedName name) {}

  private static List<Recorded> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadInput(
          folder + " is not a folder: --recorded needs a folder of NNNN-Post<Hook>Modify.pb files");
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Recorded> recorded = files
          .flatMap(file -> name(file).map(name -> new Recorded(file, name)).stream())
          .sorted(Comparator.comparingLong(one -> one.name().number()))
          .toList();
      if (recorded.isEmpty()) {
        throw new BadInput(folder + " holds no recorded request (NNNN-Post<Hook>Modify.pb)");
      }
      return recorded;
    }
  }

  private static Optional<RecordedName> name(Path file) {
    return RecordedName.of(file.getFileName().toString());
  }
}
