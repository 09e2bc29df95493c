package dev.pointsman.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.config.BadInput;
import dev.pointsman.hook.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Hook requests recorded from a real Envoy Gateway: files {@code NNNN-Post<Hook>Modify.pb}, in the order of calls. */
public final class RecordedFiles {
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})-(Post\\w+Modify)\\.pb");

  private RecordedFiles() {}

  /**
   * Plays a folder's requests.
   *
   * @throws BadInput when there is no such folder, no request in it, or one that cannot be read
   */
  public static void play(Path folder, Replay replay) throws IOException {
    for (Path file : in(folder)) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (name.matches()) {
        try {
          replay.play(name.group(2), ByteString.copyFrom(Files.readAllBytes(file)));
        } catch (InvalidProtocolBufferException unreadable) {
          throw new BadInput(
              file + " is not a " + name.group(2) + " request: " + unreadable.getMessage());
        }
      }
    }
  }

  /** Whether a folder has recorded requests. */
  static boolean isRecording(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> NAME.matcher(file.getFileName().toString()).matches());
    }
  }

  private static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadInput(
          folder + " is not a folder: --recorded needs a folder of NNNN-Post<Hook>Modify.pb files");
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> recorded = files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted((one, other) -> Long.compare(number(one), number(other)))
          .toList();
      if (recorded.isEmpty()) {
        throw new BadInput(folder + " holds no recorded request (NNNN-Post<Hook>Modify.pb)");
      }
      return recorded;
    }
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('-')));
  }
}
