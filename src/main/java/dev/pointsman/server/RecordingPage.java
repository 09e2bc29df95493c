package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.hook.RecordedName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** {@code GET /debug/recording}: the recorded requests as a zip, because no shell in the image can copy them. */
final class RecordingPage {
  private final Optional<ServeSettings.Record> recording;

  RecordingPage(Optional<ServeSettings.Record> recording) {
    this.recording = recording;
  }

  void answer(HttpExchange exchange) throws IOException {
    if (recording.isEmpty()) {
      PageResponse.text(404, "nothing is recorded: start with serve --record DIR")
          .send(exchange);
    } else if (RequestRecorder.hasCredentials(recording.get().folder())) {
      PageResponse.text(
              403, "the recording has credentials (--record-secrets): take it from the disk")
          .send(exchange);
    } else {
      send(exchange, files(recording.get().folder()));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> present = Files.list(folder)) {
      return present
          .filter(file -> RecordedName.of(file.getFileName().toString()).isPresent())
          .sorted()
          .toList();
    }
  }

  private static void send(HttpExchange exchange, List<Path> files) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/zip");
    exchange.sendResponseHeaders(200, 0);
    try (ZipOutputStream zip = new ZipOutputStream(exchange.getResponseBody())) {
      for (Path file : files) {
        zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
