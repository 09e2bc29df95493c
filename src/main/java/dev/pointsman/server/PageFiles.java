package dev.pointsman.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files of the page, in the jar: its own, and a library's. */
final class PageFiles {
  private static final String FOLDER = "/dev/pointsman/page/";
  private static final String START = "index.html";

  /** No folder and no file without a type below: a class cannot be named. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]*\\.([a-z]+)");

  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8",
      "js", "text/javascript; charset=utf-8",
      "css", "text/css; charset=utf-8",
      "svg", "image/svg+xml");

  private PageFiles() {}

  /** The file of a path; empty if there is none. */
  static Optional<PageResponse> of(String path) {
    String name = path.equals("/") ? START : path.substring(1);
    var matcher = NAME.matcher(name);
    if (!matcher.matches() || !TYPES.containsKey(matcher.group(1))) {
      return Optional.empty();
    }
    try (InputStream file = PageFiles.class.getResourceAsStream(FOLDER + name)) {
      return file == null
          ? Optional.empty()
          : Optional.of(new PageResponse(200, TYPES.get(matcher.group(1)), file.readAllBytes()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
