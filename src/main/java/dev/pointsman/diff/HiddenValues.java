package dev.pointsman.diff;

import dev.pointsman.model.SecretHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Values of manifests that may be credentials, by the rule of recordings without credentials: they are compared and not
 * shown. Until then a mark that nobody sees tells one from another.
 */
enum HiddenValues {
  /** Values that a configuration sets, as in a list of headers. */
  SET,
  /** Values of conditions. */
  CONDITION,
  /** Values of conditions on cookies, or of a part that is hidden whole. */
  ALL;

  static final String SHOWN = "(hidden)";
  private static final Pattern MARK = Pattern.compile("\0[^\0]*\0");
  private static final Set<String> CONDITIONS =
      Set.of("claim", "clientSelectors", "matches", "principal");

  /** Lists of users' own programs in the proxy, whose settings often have keys. */
  private static final Set<String> PROGRAMS = Set.of("dynamicModule", "wasm");

  /** The values below a field of an object in a list or a part of this name. */
  HiddenValues below(JsonNode object, String part, String field) {
    boolean isSetting = field.equals("filterContext")
        || (field.equals("config") && PROGRAMS.contains(part))
        || (field.equals("inline") && isSymmetric(object.path(field)));
    boolean isValue = field.equals("value") || field.equals("values") || field.equals("rawValue");
    boolean isPatch = isValue && object.has("op") && object.has("path"); // of xDS: anything
    if (this == ALL || isSetting || isPatch || (isValue && hides(object, part))) {
      return ALL;
    }
    return CONDITIONS.contains(field) ? CONDITION : this;
  }

  private boolean hides(JsonNode object, String part) {
    boolean isHeaderOfEnvoy = object.size() == 2 && object.has("key");
    JsonNode name = object.path(isHeaderOfEnvoy ? "key" : "name");
    return name.isString()
        && switch (this) {
          case SET -> !SecretHeaders.isHarmless(name.asString());
          case CONDITION -> part.equals("cookies") || SecretHeaders.contains(name.asString());
          case ALL -> true;
        };
  }

  /** Whether a set of keys for tokens has a secret one. */
  private static boolean isSymmetric(JsonNode keys) {
    return keys.asString("").contains("\"oct\"");
  }

  /** A value to compare. */
  String value(String text) {
    return this == ALL
        ? SHOWN + '\0' + UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)) + '\0'
        : text;
  }

  /** A text with such values, to show. */
  static String shown(String text) {
    return MARK.matcher(text).replaceAll("");
  }
}
