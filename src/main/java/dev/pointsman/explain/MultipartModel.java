package dev.pointsman.explain;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code model} of a multipart form.
 *
 * @param several whether there are several
 * @param unreadable whether the form is not read, because servers may read it otherwise
 */
record MultipartModel(Optional<String> model, boolean several, boolean unreadable) {
  private static final int LONGEST = 1024;
  private static final int MOST_HEADERS = 4096;
  private static final int LONGEST_BOUNDARY = 70;

  private static final MultipartModel UNREADABLE =
      new MultipartModel(Optional.empty(), false, true);

  private static final Pattern PARAMETER = Pattern.compile(
      "[ \\t]*;[ \\t]*([A-Za-z0-9*_-]+)=(?:\"([^\"\\\\]*)\"|([A-Za-z0-9'+_./:-]+))");
  private static final Pattern HEADER =
      Pattern.compile("([A-Za-z0-9-]+):[ \\t]*(.*)", Pattern.DOTALL);
  private static final Pattern FORM = Pattern.compile("(?i)form-data(.*)", Pattern.DOTALL);

  static MultipartModel of(String text, String type) {
    Map<String, String> given = parameters(type.substring("multipart/form-data".length()));
    String boundary =
        given == null || given.containsKey("boundary*") ? null : given.get("boundary");
    if (boundary == null
        || boundary.length() > LONGEST_BOUNDARY
        || !text.startsWith("--" + boundary)) {
      return UNREADABLE;
    }
    String delimiter = "\r\n--" + boundary;
    Optional<String> model = Optional.empty();
    int at = delimiter.length() - 2;
    while (true) {
      if (text.startsWith("--", at)) {
        return text.substring(at + 2).matches("[ \\t\\r\\n]*")
            ? new MultipartModel(model, false, false)
            : UNREADABLE;
      }
      int last = text.startsWith("\r\n", at) ? text.indexOf("\r\n\r\n", at) : -1;
      int close = last < 0 || last - at > MOST_HEADERS ? -1 : text.indexOf(delimiter, last + 2);
      if (close < 0 || close == last + 2) {
        return UNREADABLE;
      }
      Optional<Boolean> isModel = isModel(text.substring(at + 2, Math.max(at + 2, last + 2)));
      if (isModel.isEmpty()) {
        return UNREADABLE;
      }
      if (isModel.get()) {
        String value = text.substring(last + 4, close);
        if (model.isPresent()) {
          return new MultipartModel(Optional.empty(), true, false);
        }
        if (value.isEmpty() || value.length() > LONGEST) {
          return UNREADABLE;
        }
        model = Optional.of(value);
      }
      at = close + delimiter.length();
    }
  }

  /** True for the headers of the field, false for others; empty if that is not certain. */
  private static Optional<Boolean> isModel(String headers) {
    String disposition = null;
    for (String line : headers.split("\r\n")) {
      Matcher header = HEADER.matcher(line);
      if (line.contains("\r") || line.contains("\n") || !header.matches()) {
        return Optional.empty();
      }
      String name = header.group(1).toLowerCase(Locale.ROOT);
      boolean isDisposition = name.equals("content-disposition");
      if (name.equals("content-transfer-encoding") || isDisposition && disposition != null) {
        return Optional.empty();
      }
      disposition = isDisposition ? header.group(2) : disposition;
    }
    Matcher form = FORM.matcher(disposition == null ? "" : disposition);
    Map<String, String> found = form.matches() ? parameters(form.group(1)) : null;
    if (found == null || found.containsKey("name*")) {
      return Optional.empty();
    }
    String name = found.get("name");
    if (name == null || name.contains("%")) {
      return Optional.empty();
    }
    if (!name.equals("model")) {
      return Optional.of(false);
    }
    return found.containsKey("filename") || found.containsKey("filename*")
        ? Optional.empty()
        : Optional.of(true);
  }

  private static @Nullable Map<String, String> parameters(String text) {
    Map<String, String> found = new HashMap<>();
    Matcher parameter = PARAMETER.matcher(text);
    int at = 0;
    while (!text.substring(at).matches("[ \\t]*")) {
      if (!parameter.find(at) || parameter.start() != at) {
        return null;
      }
      String value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
      if (found.put(parameter.group(1).toLowerCase(Locale.ROOT), value) != null) {
        return null;
      }
      at = parameter.end();
    }
    return found;
  }
}
