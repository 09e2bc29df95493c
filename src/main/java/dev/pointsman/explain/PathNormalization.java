package dev.pointsman.explain;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The normalization of a path before a route is chosen, as Envoy does it (googleurl's canonical paths). */
final class PathNormalization {
  private static final String ESCAPED = "\"<>`{}";
  private static final String UNRESERVED = "-._~";

  private PathNormalization() {}

  /** Normalizes the request's path; the result is an answer if the gateway responds itself. */
  static Optional<RequestEnd> apply(HttpConnectionManager manager, RequestState request) {
    String whole = request.header(":path").orElse("");
    if (whole.contains("#")) {
      return Optional.of(new RequestEnd.Answered(400, "", "the path has a fragment"));
    }
    int query = whole.indexOf('?');
    String path = query < 0 ? whole : whole.substring(0, query);
    String rest = query < 0 ? "" : whole.substring(query);
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    boolean redirects = false;
    PathWithEscapedSlashesAction action = manager.getPathWithEscapedSlashesAction();
    String unescaped = path.replaceAll("(?i)%2f", "/").replaceAll("(?i)%5c", "\\\\");
    if (!unescaped.equals(path)) {
      switch (action) {
        case REJECT_REQUEST -> {
          return Optional.of(new RequestEnd.Answered(400, "", "the path has an escaped slash"));
        }
        case UNESCAPE_AND_REDIRECT -> {
          path = unescaped;
          redirects = true;
        }
        case UNESCAPE_AND_FORWARD -> path = unescaped;
        default -> {}
      }
    }
    if (manager.getNormalizePath().getValue()) {
      path = canonical(path);
    }
    if (manager.getMergeSlashes()) {
      path = path.replaceAll("/+", "/");
    }
    request.set(":path", path + rest);
    return redirects ? Optional.of(new RequestEnd.Redirected(307, path + rest)) : Optional.empty();
  }

  private static String canonical(String path) {
    String unescaped = unescape(path.replace('\\', '/'));
    List<String> segments = new ArrayList<>();
    String[] parts = unescaped.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean isLast = i == parts.length - 1;
      switch (parts[i]) {
        case "." -> {
          if (isLast) {
            segments.add("");
          }
        }
        case ".." -> {
          if (!segments.isEmpty()) {
            segments.removeLast();
          }
          if (isLast) {
            segments.add("");
          }
        }
        default -> segments.add(parts[i]);
      }
    }
    return "/" + String.join("/", segments);
  }

  /** Escapes of unreserved characters are resolved, and characters that a path must not have are escaped. */
  private static String unescape(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    StringBuilder canonical = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      int value = bytes[i] & 0xff;
      if (value == '%' && i + 2 < bytes.length) {
        int high = Character.digit(bytes[i + 1], 16);
        int low = Character.digit(bytes[i + 2], 16);
        int decoded = high < 0 || low < 0 ? -1 : high * 16 + low;
        if (decoded >= 0 && isUnreserved(decoded)) {
          canonical.append((char) decoded);
          i += 2;
          continue;
        }
      }
      if (value <= ' ' || value >= 0x7f || ESCAPED.indexOf(value) >= 0) {
        canonical.append("%%%02X".formatted(value));
      } else {
        canonical.append((char) value);
      }
    }
    return canonical.toString();
  }

  private static boolean isUnreserved(int value) {
    return value >= 'a' && value <= 'z'
        || value >= 'A' && value <= 'Z'
        || value >= '0' && value <= '9'
        || UNRESERVED.indexOf(value) >= 0;
  }
}
