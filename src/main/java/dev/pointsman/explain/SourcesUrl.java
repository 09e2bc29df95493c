package dev.pointsman.explain;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The model in the query and in the path of a request, decoded once. */
final class SourcesUrl {
  private static final int LONGEST = 1024;
  private static final List<String> PLACES =
      List.of("/openai/deployments/", "/v1/models/", "/v1beta/models/");
  private static final Pattern OCTET = Pattern.compile("%(.?.?)", Pattern.DOTALL);

  private SourcesUrl() {}

  /** @param problem the code of a refusal */
  record NamedModel(Optional<String> model, Optional<String> problem) {
    private static NamedModel refused(String code) {
      return new NamedModel(Optional.empty(), Optional.of(code));
    }
  }

  /** @param on the sources that are read */
  static NamedModel of(Set<String> on, RequestState request) {
    String target = request.header(":path").orElse("");
    NamedModel query = on.contains("query") ? inQuery(target) : none();
    NamedModel path =
        on.contains("path") ? inPath(request.path(), request.header(":method").orElse("")) : none();
    if (query.problem().isPresent() || path.problem().isPresent()) {
      return NamedModel.refused("invalid_model");
    }
    Set<String> models = new HashSet<>();
    query.model().ifPresent(models::add);
    path.model().ifPresent(models::add);
    return models.size() > 1
        ? NamedModel.refused("conflicting_models")
        : new NamedModel(models.stream().findFirst(), Optional.empty());
  }

  private static NamedModel none() {
    return new NamedModel(Optional.empty(), Optional.empty());
  }

  private static NamedModel named(String encoded) {
    String text = decoded(encoded);
    return text == null || text.getBytes(StandardCharsets.UTF_8).length > LONGEST
        ? NamedModel.refused("invalid_model")
        : new NamedModel(Optional.of(text).filter(name -> !name.isEmpty()), Optional.empty());
  }

  private static NamedModel inQuery(String target) {
    int start = target.indexOf('?');
    NamedModel found = none();
    int count = 0;
    for (String pair : start < 0 ? new String[0] : target.substring(start + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if ("model".equals(decoded(equals < 0 ? pair : pair.substring(0, equals)))) {
        count++;
        found = named(equals < 0 ? "" : pair.substring(equals + 1).replace('+', ' '));
      }
    }
    return count > 1 ? NamedModel.refused("invalid_model") : found;
  }

  private static NamedModel inPath(String path, String method) {
    NamedModel found = none();
    for (String place : PLACES) {
      int at = path.indexOf(place);
      if (at >= 0) {
        String rest = path.substring(at + place.length());
        if (found.model().isPresent()
            || found.problem().isPresent()
            || path.indexOf(place, at + place.length() - 1) >= 0) {
          return NamedModel.refused("invalid_model");
        }
        int slash = rest.indexOf('/');
        int verb = rest.lastIndexOf(':');
        if (place.equals(PLACES.getFirst())) {
          rest = slash < 0 ? "" : rest.substring(0, slash);
        } else if (method.equals("POST") && verb > rest.lastIndexOf('/')) {
          rest = rest.substring(0, verb);
        }
        found = named(rest);
      }
    }
    return found;
  }

  /** The decoded text; null if an octet is not encoded correctly or the result is not Unicode. */
  private static @Nullable String decoded(String text) {
    StringBuilder latin = new StringBuilder();
    String raw = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    Matcher octets = OCTET.matcher(raw);
    int last = 0;
    while (octets.find()) {
      if (!octets.group(1).matches("[0-9A-Fa-f]{2}")) {
        return null;
      }
      latin.append(raw, last, octets.start());
      latin.append((char) Integer.parseInt(octets.group(1), 16));
      last = octets.end();
    }
    latin.append(raw.substring(last));
    byte[] bytes = latin.toString().getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUnicode) {
      return null;
    }
  }
}
