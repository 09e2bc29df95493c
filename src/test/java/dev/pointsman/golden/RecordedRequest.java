package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A hook request that a real Envoy Gateway has sent.
 *
 * @param hook the method, {@code PostRouteModify} and so on
 */
record RecordedRequest(String file, String hook, ByteString bytes) {
  /** The requests of a folder in the order of the calls. */
  static List<RecordedRequest> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d{4}-Post\\w+Modify\\.pb"))
          .sorted()
          .map(RecordedRequest::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RecordedRequest read(Path path) {
    String file = path.getFileName().toString();
    try {
      ByteString bytes = ByteString.copyFrom(Files.readAllBytes(path));
      return new RecordedRequest(file, file.substring(5, file.length() - 3), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isTranslation() {
    return hook.equals("PostTranslateModify");
  }

  <T> T as(Parser<T> parser) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
